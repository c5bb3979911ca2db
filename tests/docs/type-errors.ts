import ts from 'typescript';
import { projectFile } from '../reference';

/** What the compiler has to say about examples, by their names: nothing, or `name: message`. */
export function typeErrors(examples: ReadonlyMap<string, string>): string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(projectFile('tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    projectFile(),
  );
  // Examples show values that they do not go on to use.
  const settings = { ...options, noUnusedLocals: false, paths: PATHS };
  // An example without imports is a module too.
  const modules = [...examples].map(([name, code]) => ({ name, code: `${code}\nexport {};` }));
  const files = new Map(modules.map((file, i) => [projectFile(`example-${i}.ts`), file]));
  const host = ts.createCompilerHost(settings);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.getSourceFile = (file, target, ...rest) => {
    const example = files.get(file);
    if (example) return ts.createSourceFile(file, example.code, target);
    return getSourceFile(file, target, ...rest);
  };
  const program = ts.createProgram([...files.keys()], settings, host);
  return [...files].flatMap(([file, { name }]) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
}

const PATHS = {
  'gan-metrics': [projectFile('src/index.ts')],
  'gan-metrics/metrics': [projectFile('src/metrics/index.ts')],
};
