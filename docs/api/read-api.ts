import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { type DocComment, parseDocComment } from './doc-comment';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A public name, as its source declares and describes it. */
export interface ApiEntry {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'constant' | 'type';
  /** Exported by `gan-metrics/metrics` too, which a browser can load. */
  readonly browser: boolean;
  /** Where it is declared: a path from `src`. */
  readonly file: string;
  readonly doc: DocComment | undefined;
  /** The declaration without its description and, of a function, without its body. */
  readonly declaration: string;
  /** Words of the declaration: those that are public names become links. */
  readonly words: ReadonlySet<string>;
}

/** Every public name of `gan-metrics`, in alphabetical order. */
export function readApi(): ApiEntry[] {
  const program = ts.createProgram([source('index.ts'), source('metrics/index.ts')], {
    ...ts.parseJsonConfigFileContent({ extends: path.join(ROOT, 'tsconfig.json'), files: [] }, ts.sys, ROOT)
      .options,
  });
  const exported = (file: string) => exportsOf(program, file);
  const inBrowser = new Set(exported('metrics/index.ts').map((symbol) => symbol.name));
  return exported('index.ts')
    .map((symbol) => readEntry(program, { symbol, browser: inBrowser.has(symbol.name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function source(file: string): string {
  return path.join(ROOT, 'src', file);
}

function exportsOf(program: ts.Program, file: string): ts.Symbol[] {
  const checker = program.getTypeChecker();
  return checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(source(file))!)!);
}

function readEntry(
  program: ts.Program,
  { symbol, browser }: { symbol: ts.Symbol; browser: boolean },
): ApiEntry {
  const checker = program.getTypeChecker();
  const original = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const node = original.declarations![0];
  const file = path.relative(path.join(ROOT, 'src'), node.getSourceFile().fileName).replaceAll(path.sep, '/');
  const declaration = declarationOf(node).replace(/^export /, '');
  return {
    name: symbol.name,
    kind: kindOf(node),
    browser,
    file,
    doc: docOf(statementOf(node)),
    declaration,
    words: new Set(declaration.replace(/\/\*[\s\S]*?\*\//g, '').match(/\w+/g)),
  };
}

function kindOf(node: ts.Declaration): ApiEntry['kind'] {
  if (ts.isFunctionDeclaration(node)) return 'function';
  if (ts.isClassDeclaration(node)) return 'class';
  return ts.isVariableDeclaration(node) ? 'constant' : 'type';
}

/** The statement that carries the description: of a constant, the whole `export const …`. */
function statementOf(node: ts.Node): ts.Node {
  return ts.isVariableDeclaration(node) ? node.parent.parent : node;
}

function docOf(node: ts.Node): DocComment | undefined {
  const comment = ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc);
  return comment && parseDocComment(comment.getText());
}

function declarationOf(node: ts.Declaration): string {
  if (ts.isFunctionDeclaration(node)) return withoutBody(node);
  if (ts.isClassDeclaration(node)) return classOutline(node);
  return statementOf(node).getText();
}

function withoutBody(node: ts.FunctionLikeDeclaration): string {
  if (!node.body) return node.getText();
  return `${node.getSourceFile().text.slice(node.getStart(), node.body.getStart()).trimEnd()};`;
}

/** What a caller sees of a class, each member below its description. */
function classOutline(node: ts.ClassDeclaration): string {
  const text = node.getSourceFile().text;
  const [first] = node.members;
  const head = text.slice(node.getStart(), text.lastIndexOf('{', first.getStart()) + 1);
  const members = node.members.filter(isVisible).map((member) => {
    const comment = ts.getJSDocCommentsAndTags(member).findLast(ts.isJSDoc);
    const signature =
      ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member) || ts.isAccessor(member)
        ? withoutBody(member)
        : member.getText();
    return [comment?.getText(), signature].filter(Boolean).map((part) => `  ${part}`);
  });
  return [head, members.map((lines) => lines.join('\n')).join('\n\n'), '}'].join('\n');
}

function isVisible(member: ts.ClassElement): boolean {
  if (member.name && ts.isPrivateIdentifier(member.name)) return false;
  return !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private);
}
