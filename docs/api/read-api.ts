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
  /**
   * The declaration without its description and, of a function, without its body; below it, types of the sources that
   * it uses and that are not public themselves.
   */
  readonly declaration: string;
  /** Public types that the declaration names. */
  readonly uses: ReadonlySet<string>;
}

/** Every public name of `gan-metrics`, in alphabetical order. */
export function readApi(): ApiEntry[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    ROOT,
  );
  const program = ts.createProgram([source('index.ts'), source('metrics/index.ts')], options);
  const inBrowser = new Set(exportsOf(program, 'metrics/index.ts').map(({ name }) => name));
  const exported = exportsOf(program, 'index.ts');
  const checker = program.getTypeChecker();
  const nodes = new Map(exported.map((symbol) => [original(checker, symbol).declarations![0], symbol.name]));
  return [...nodes]
    .map(([node, name]) => ({
      name,
      kind: kindOf(node),
      browser: inBrowser.has(name),
      file: path.relative(source(), node.getSourceFile().fileName).replaceAll(path.sep, '/'),
      doc: docOf(node),
      ...declarationsOf(node, { checker, nodes }),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function source(...parts: string[]): string {
  return path.join(ROOT, 'src', ...parts);
}

function exportsOf(program: ts.Program, file: string): ts.Symbol[] {
  const checker = program.getTypeChecker();
  return checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(source(file))!)!);
}

function original(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** A declaration and, where it uses types of the sources that are not public, theirs. */
function declarationsOf(
  node: ts.Declaration,
  { checker, nodes }: { checker: ts.TypeChecker; nodes: ReadonlyMap<ts.Declaration, string> },
): Pick<ApiEntry, 'declaration' | 'uses'> {
  const uses = new Set<string>();
  const inner = new Set<ts.Declaration>();
  const visit = (child: ts.Node) => {
    const name = typeName(child);
    const symbol = name && checker.getSymbolAtLocation(name);
    const target = symbol && original(checker, symbol).declarations?.[0];
    if (target && nodes.has(target)) uses.add(nodes.get(target)!);
    else if (target && isInnerType(target) && target !== node && !inner.has(target)) {
      inner.add(target);
      membersUsed(target, child).forEach(visit);
    }
    ts.forEachChild(child, visit);
  };
  signatureParts(node).forEach(visit);
  uses.delete(nodes.get(node)!);
  const below = [...inner].map((each) =>
    [commentOf(each)?.getText(), textOf(each)].filter(Boolean).join('\n'),
  );
  return { declaration: [textOf(node), ...below].join('\n\n'), uses };
}

/** What is looked at of a type that is named: of `Pick<Type, 'a' | 'b'>` the members a and b. */
function membersUsed(target: ts.Declaration, reference: ts.Node): ts.Node[] {
  const { parent } = reference;
  const picks = 'typeArguments' in parent && typeName(parent as ts.Node)?.getText() === 'Pick';
  if (!picks || !ts.isInterfaceDeclaration(target)) return signatureParts(target);
  const keys = (parent as ts.TypeReferenceNode).typeArguments![1].getText();
  return target.members.filter(({ name }) => keys.includes(`'${name?.getText()}'`));
}

/** What of a declaration a caller sees: of a function all but its body, of a constant its type. */
function signatureParts(node: ts.Node): ts.Node[] {
  if (ts.isFunctionLike(node)) {
    return [...(node.typeParameters ?? []), ...node.parameters, ...(node.type ? [node.type] : [])];
  }
  if (ts.isClassDeclaration(node))
    return [...(node.heritageClauses ?? []), ...node.members.filter(isVisible)].flatMap(signatureParts);
  if (ts.isVariableDeclaration(node)) return node.type ? [node.type] : [];
  const children: ts.Node[] = [];
  node.forEachChild((child) => {
    children.push(child);
  });
  return children;
}

function typeName(node: ts.Node): ts.Node | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName;
  if (ts.isExpressionWithTypeArguments(node)) return node.expression;
  return ts.isTypeQueryNode(node) ? node.exprName : undefined;
}

function isInnerType(node: ts.Declaration): boolean {
  const isType = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  return isType && node.getSourceFile().fileName.startsWith(source());
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

function docOf(node: ts.Declaration): DocComment | undefined {
  const comment = commentOf(node);
  return comment && parseDocComment(comment.getText());
}

function commentOf(node: ts.Declaration): ts.JSDoc | undefined {
  return ts.getJSDocCommentsAndTags(statementOf(node)).findLast(ts.isJSDoc);
}

function textOf(node: ts.Declaration): string {
  if (ts.isFunctionDeclaration(node)) return withoutBody(node).replace(/^export /, '');
  if (ts.isClassDeclaration(node)) return classOutline(node).replace(/^export /, '');
  return statementOf(node)
    .getText()
    .replace(/^export /, '');
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
    const comment = commentOf(member);
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
