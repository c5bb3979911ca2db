/** A page of the reference: what is declared in these files of `src`. */
export interface Group {
  readonly page: string;
  readonly title: string;
  readonly about: string;
  /** Beginnings of paths; of several that fit a file, the longest one decides. */
  readonly files: readonly string[];
}

/** In the order of the index. A new file falls to its room's page: `''` and `metrics/` take all that is left. */
export const GROUPS: readonly Group[] = [
  {
    page: 'images',
    title: 'Images in, numbers out',
    about: 'From folders or files to values: a network runs once over the images, for all metrics asked for.',
    files: ['', 'evaluate', 'compute-metric', 'extraction/', 'features/', 'images/', 'score-images'],
  },
  {
    page: 'files',
    title: 'Files',
    about: 'Statistics, features and samples in files, ours and those of other tools.',
    files: ['statistics/', 'read-samples', 'files/'],
  },
  {
    page: 'comparison',
    title: 'Comparisons and rankings',
    about: 'Several generators on the same real images: differences with intervals, and an order.',
    files: ['compare', 'metrics/compare', 'metrics/ranking', 'metrics/difference'],
  },
  {
    page: 'training',
    title: 'During training',
    about: 'Scores of a run: measured in the process that trains, kept, judged and drawn.',
    files: ['training/', 'evaluator'],
  },
  {
    page: 'gate',
    title: 'The gate',
    about: 'Rules that metrics have to meet, baselines that they are compared with, and the verdict.',
    files: ['gate/', 'check/', 'report/'],
  },
  {
    page: 'models',
    title: 'Models and this machine',
    about: 'Networks loaded by themselves, the cache of downloaded weights, what is installed.',
    files: ['models/', 'load-model', 'diagnose', 'runtimes/', 'version'],
  },
  {
    page: 'frechet',
    title: 'Fréchet distances',
    about: 'FID of features and statistics: its bias, intervals, parts and comparisons.',
    files: [
      'metrics/fid',
      'metrics/debiased-fid',
      'metrics/frechet-distance',
      'math/statistics',
      'math/symmetric',
    ],
  },
  {
    page: 'inception-score',
    title: 'Inception Score',
    about: 'What the class predictions of generated images say.',
    files: ['metrics/inception-score', 'metrics/class-'],
  },
  {
    page: 'kernel',
    title: 'Kernel distances',
    about: 'KID, MMD and CMMD: unbiased with few samples, with tests and comparisons.',
    files: ['metrics/kid', 'metrics/mmd', 'metrics/cmmd', 'metrics/divergence/mmd-'],
  },
  {
    page: 'neighbors',
    title: 'Nearest neighbors',
    about: 'Fidelity, variety and copies: precision and recall in their forms, realism, authenticity.',
    files: [
      'metrics/prd',
      'metrics/precision-recall',
      'metrics/density-coverage',
      'metrics/realism',
      'metrics/authenticity',
      'metrics/one-nearest-neighbor',
      'metrics/nearest-real',
      'metrics/manifold/',
    ],
  },
  {
    page: 'density',
    title: 'Densities and likelihood',
    about: 'Kernel density estimates: the Parzen-window log-likelihood and its bandwidth.',
    files: ['metrics/density/', 'compute-log-likelihood'],
  },
  {
    page: 'divergence',
    title: 'Divergences',
    about:
      'Of histograms, Gaussians and samples: Kullback–Leibler, Jensen–Shannon, Wasserstein and their kin.',
    files: ['metrics/divergence/'],
  },
  {
    page: 'adversarial',
    title: 'Discriminators and critics',
    about: 'What the outputs, gradients and weights of a discriminator say.',
    files: ['metrics/adversarial/'],
  },
  {
    page: 'modes',
    title: 'Modes',
    about: 'Mode collapse: synthetic targets, modes captured, missing classes, size of the support.',
    files: ['metrics/modes/'],
  },
  {
    page: 'more',
    title: 'Registry, uncertainty, errors',
    about:
      'The registry of metrics, tools for intervals and floors, diversity, and what every function shares.',
    files: ['metrics/', 'math/', 'errors'],
  },
];

/** The page of a file of `src`. */
export function groupOf(file: string): Group {
  const fits = GROUPS.flatMap((group) => group.files.map((start) => ({ group, start })));
  const [best] = fits
    .filter(({ start }) => file.startsWith(start))
    .sort((a, b) => b.start.length - a.start.length);
  return best.group;
}
