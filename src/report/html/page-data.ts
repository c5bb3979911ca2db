import type { GateReport } from '../../gate/gate-report';

interface Ends {
  readonly low: number;
  readonly high: number;
}

/** One entry of the baseline as it stood at one time. */
export interface BaselineVersion {
  /** What to call that time: a date, or a tag. */
  readonly label: string;
  readonly value: number;
  readonly interval: Ends | null;
  /** Equal for versions whose values can be compared: the same model, number of images, and so on. */
  readonly comparable: string;
}

/** All versions of one entry, oldest first. */
export interface BaselineHistory {
  readonly suite: string;
  readonly metric: string;
  readonly versions: readonly BaselineVersion[];
}

/** One number of a suite at several numbers of images. */
export interface Curve {
  readonly suite: string;
  readonly metric: string;
  /** For people: `FD (cifar10-resnet)`. */
  readonly label: string;
  readonly points: readonly { readonly n: number; readonly value: number; readonly interval?: Ends | null }[];
}

/** A generated image beside the real one it is nearest to. Thumbnails are data URIs; null where there is none. */
export interface Picture {
  readonly file: string;
  readonly thumbnail: string | null;
  /** null: a copy. */
  readonly realism: number | null;
  readonly distance: number;
  readonly nearestReal: string;
  readonly nearestThumbnail: string | null;
}

/** Images chosen by one rule. */
export interface PictureGroup {
  readonly title: string;
  /** By what they were chosen, in a sentence. */
  readonly note: string;
  /** Whether the nearest real image is shown beside each. */
  readonly pairs: boolean;
  readonly pictures: readonly Picture[];
}

export interface SuitePictures {
  readonly suite: string;
  readonly groups: readonly PictureGroup[];
  /** Images that are listed without a thumbnail, as the page has a limit. */
  readonly omitted: number;
}

/** All that a page shows: the report, and what else is at hand. */
export interface ReportPage {
  readonly report: GateReport;
  readonly history?: readonly BaselineHistory[] | undefined;
  readonly curves?: readonly Curve[] | undefined;
  readonly pictures?: readonly SuitePictures[] | undefined;
}
