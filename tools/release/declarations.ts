import { resolve } from 'node:path';
import ts from 'typescript';

/**
 * Makes one declaration file of all that a module exports, for programs that do not have the sources. It imports nothing:
 * every type that an export mentions stands in it, and a type that is inferred from a schema of valibot is written out, so
 * that who uses it needs no valibot.
 *
 * @param entry the module, as `client/index.ts`
 * @throws Error for a declaration that cannot stand in one file
 */
export function declarationsOf(entry: string): string {
  const options = optionsOf('tsconfig.json');
  const program = ts.createProgram([entry], options, hostWithoutLibraries(options));
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry} is not a module`);

  const originOf = (symbol: ts.Symbol) =>
    checker.getExportSymbolOfSymbol(
      (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol),
    );
  const exported = checker.getExportsOfModule(module).map(originOf);
  const queue = [...exported];
  const texts = new Map<string, { readonly symbol: ts.Symbol; readonly text: string }>();
  for (const symbol of queue) {
    const node = ownDeclarationOf(symbol);
    if (node === undefined) continue;
    const known = texts.get(symbol.name);
    if (known?.symbol === symbol) continue;
    if (known !== undefined) throw new Error(`two declarations are called ${symbol.name}`);
    const written = write(node, symbol, program);
    const prefix = exported.includes(symbol) ? 'export ' : '';
    texts.set(symbol.name, { symbol, text: `${written.comment}${prefix}${written.text}` });
    const scope = typesInScope(node, checker);
    queue.push(...written.mentioned.flatMap((name) => scope.get(name) ?? []).map(originOf));
  }
  // With this line, what has no `export` of its own is not exported.
  return [...[...texts.values()].map(({ text }) => text), 'export {};\n'].join('\n\n');
}

function optionsOf(file: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'));
  return { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true };
}

/** Leaves out the types of Google's libraries, which no export mentions: reading them takes most of the time. */
function hostWithoutLibraries(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, from, redirected, _options, file) =>
    literals.map((literal) =>
      /^(?:@google-cloud\/|google-)/.test(literal.text)
        ? { resolvedModule: undefined }
        : ts.resolveModuleName(
            literal.text,
            from,
            options,
            host,
            undefined,
            redirected,
            ts.getModeForUsageLocation(file, literal, options),
          ),
    );
  return host;
}

/** The declaration in the sources here; undefined for those of libraries, as AbortSignal. */
const ownDeclarationOf = ({ declarations = [] }: ts.Symbol) =>
  declarations.find(
    (node) => !node.getSourceFile().isDeclarationFile && !ts.isTypeParameterDeclaration(node),
  );

const typesInScope = (node: ts.Node, checker: ts.TypeChecker) =>
  new Map(
    checker
      .getSymbolsInScope(node.getSourceFile(), ts.SymbolFlags.Type | ts.SymbolFlags.Alias)
      .map((symbol) => [symbol.name, symbol]),
  );

/** A declaration without `export`, and the names of the types that it mentions. */
interface Written {
  readonly comment: string;
  readonly text: string;
  readonly mentioned: readonly string[];
}

function write(node: ts.Declaration, symbol: ts.Symbol, program: ts.Program): Written {
  const comment = commentOf(node);
  if (ts.isTypeAliasDeclaration(node) && isInferred(node)) {
    const checker = program.getTypeChecker();
    const text = writeOut(checker.getDeclaredTypeOfSymbol(symbol), '', checker);
    return { comment, text: `type ${symbol.name} = ${text};`, mentioned: [] };
  }
  if (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) {
    return { comment, text: withoutExport(node), mentioned: mentionedIn(node) };
  }
  const emitted = emittedDeclarationOf(node, symbol.name, program);
  return { comment: commentOf(emitted), text: withoutExport(emitted), mentioned: mentionedIn(emitted) };
}

const commentOf = (node: ts.Node) =>
  ts
    .getJSDocCommentsAndTags(node)
    .filter((comment) => ts.isJSDoc(comment))
    .map((comment) => `${comment.getText()}\n`)
    .join('');

const withoutExport = (node: ts.Node) => node.getText().replace(/^export /, '');

/** Whether a type is made of that of a value, as of a schema. */
function isInferred(node: ts.Node): boolean {
  if (ts.isTypeQueryNode(node) || ts.isQualifiedName(node)) return true;
  return ts.forEachChild(node, (child) => isInferred(child) || undefined) ?? false;
}

function mentionedIn(node: ts.Node): readonly string[] {
  const own =
    (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) && node.typeName.text) ||
    (ts.isExpressionWithTypeArguments(node) && ts.isIdentifier(node.expression) && node.expression.text);
  const children: string[] = [];
  ts.forEachChild(node, (child) => void children.push(...mentionedIn(child)));
  return own === false ? children : [own, ...children];
}

/** A class or a function, as the compiler declares it. */
function emittedDeclarationOf(node: ts.Declaration, name: string, program: ts.Program): ts.Statement {
  let text = '';
  program.emit(node.getSourceFile(), (_file, content) => (text = content), undefined, true);
  const { statements } = ts.createSourceFile('emitted.d.ts', text, ts.ScriptTarget.Latest, true);
  const found = statements.find(
    (one) => (ts.isClassDeclaration(one) || ts.isFunctionDeclaration(one)) && one.name?.text === name,
  );
  if (found === undefined) throw new Error(`${name} is neither a type, a class nor a function`);
  return found;
}

const nameOf = ({ name }: ts.Symbol) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** A type in full: data, as it stands in JSON. */
function writeOut(type: ts.Type, indent: string, checker: ts.TypeChecker): string {
  if (type.isUnion()) {
    const parts = new Set(type.types.map((part) => writeOut(part, indent, checker)));
    if (parts.has('true') && parts.has('false')) {
      parts.delete('true');
      parts.delete('false');
      parts.add('boolean');
    }
    return [...parts].join(' | ');
  }
  if (checker.isArrayType(type)) {
    const [entry] = checker.getTypeArguments(type as ts.TypeReference);
    return `Array<${entry === undefined ? 'unknown' : writeOut(entry, indent, checker)}>`;
  }
  if ((type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) === 0)
    return checker.typeToString(type);
  const inner = `${indent}  `;
  const entries = checker
    .getIndexInfosOfType(type)
    .map(
      ({ keyType, type: value }) =>
        `[key: ${checker.typeToString(keyType)}]: ${writeOut(value, inner, checker)};`,
    );
  const properties = checker.getPropertiesOfType(type).map((property) => {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const value = checker.getTypeOfSymbol(property);
    const comment = ts.displayPartsToString(property.getDocumentationComment(checker));
    return [
      ...(comment === '' ? [] : [`/** ${comment} */\n${inner}`]),
      `${nameOf(property)}${isOptional ? '?' : ''}: `,
      `${writeOut(isOptional ? checker.getNonNullableType(value) : value, inner, checker)};`,
    ].join('');
  });
  return `{\n${[...entries, ...properties].map((line) => `${inner}${line}\n`).join('')}${indent}}`;
}
