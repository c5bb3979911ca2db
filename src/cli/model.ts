import { Command } from 'commander';
import type { StoredModel } from '../index';
import { createProgress } from './progress';
import { runCommand } from './run';

interface ModelFlags {
  json?: boolean;
  quiet?: boolean;
  force?: boolean;
  allowUnverified?: boolean;
  forgetPin?: boolean;
}

const DEFAULT_MODEL = 'inception-v3';

export function modelCommand(): Command {
  const command = new Command('model').description(
    'pretrained networks in the cache: pull, import, list, path, verify, remove',
  );
  const sub = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .option('--json', 'print one JSON object')
      .option('--quiet', 'no progress');

  sub('pull [id]', 'download and convert a network (by itself on first use)')
    .option('--force', 'also where it is in the cache already')
    .action((id: string = DEFAULT_MODEL, flags: ModelFlags) =>
      withStore(flags, async (store, call) =>
        show(await store.pull(id, { ...call, force: flags.force ?? false })),
      ),
    );
  sub('import <file>', 'convert a weight file of this machine (.pth, .pb, .tgz, .pt)')
    .option('--allow-unverified', 'take a file other than the published one')
    .action((file: string, flags: ModelFlags) =>
      withStore(flags, async (store, call) =>
        show(await store.importFile(file, { ...call, allowUnverified: flags.allowUnverified ?? false })),
      ),
    );
  sub('list', 'networks that can be pulled, and those inside the package').action((flags: ModelFlags) =>
    withStore(flags, async (store) => {
      const { diagnose } = await import('../index');
      const { embeddedModels: embedded } = await diagnose();
      const stored = await store.list();
      const lines = [
        ...stored.map((model) => show(model).text),
        ...embedded.map(({ id }) => `${id}: embedded in the package`),
      ];
      return { text: lines.join('\n'), value: { stored, embedded } };
    }),
  );
  sub('path [id]', "the path of a network's model.json").action(
    (id: string = DEFAULT_MODEL, flags: ModelFlags) =>
      withStore(flags, async (store) => {
        const path = await store.path(id);
        return { text: path, value: { id, path } };
      }),
  );
  sub('verify [id]', 'hash the files of a network again').action(
    (id: string = DEFAULT_MODEL, flags: ModelFlags) =>
      withStore(flags, async (store) => {
        const verification = await store.verify(id);
        const { ok, problems, manifest } = verification;
        if (!ok) process.exitCode = 2;
        const source = manifest.weights.verified
          ? 'the published weights'
          : 'weights that are not the published ones';
        const text = ok
          ? `${id}: every file as it was installed, from ${source}`
          : [
              `${id}: damaged; run: gan-metrics model pull ${id} --force`,
              ...problems.map((p) => `  ${p.file}: ${p.problem}`),
            ].join('\n');
        return { text, value: verification };
      }),
  );
  sub('remove [id]', 'delete a network and what was downloaded of it')
    .option('--forget-pin', 'also forget which weight file was verified first')
    .action((id: string = DEFAULT_MODEL, flags: ModelFlags) =>
      withStore(flags, async (store, { signal }) => {
        const removal = await store.remove(id, { signal, forgetPin: flags.forgetPin ?? false });
        return {
          text: `${id}: ${removal.removed ? 'removed' : 'was not there'}, ${megabytes(removal.bytes)} set free`,
          value: removal,
        };
      }),
    );
  return command;
}

type Store = ReturnType<typeof import('../index')['modelStore']>;
type Call = Required<Pick<NonNullable<Parameters<Store['pull']>[1]>, 'signal' | 'onProgress'>>;

async function withStore(
  { json = false, quiet = false }: ModelFlags,
  body: (store: Store, call: Call) => Promise<{ text: string; value: unknown }>,
): Promise<void> {
  await runCommand({ json }, async (signal) => {
    const { modelStore } = await import('../index');
    const progress = createProgress();
    try {
      const { text, value } = await body(modelStore(), {
        signal,
        onProgress: quiet ? () => {} : progress.updateStore,
      });
      progress.clear();
      process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
    } finally {
      progress.clear();
    }
  });
}

function show(model: StoredModel): { text: string; value: StoredModel } {
  const { id, state, bytes, partialBytes, modelFile, manifest } = model;
  const partial = partialBytes > 0 ? `, ${megabytes(partialBytes)} of a broken download` : '';
  const unverified = manifest?.weights.verified === false ? ', not from the published weights' : '';
  const text =
    state === 'ready'
      ? `${id}: ready, ${megabytes(bytes)}, ${modelFile}${unverified}`
      : `${id}: ${state}${partial}`;
  return { text, value: model };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
