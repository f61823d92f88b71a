// What the TypeScript compiler says of the calls in a folder: node typescript_oracle.cjs FOLDER, one JSON object a call.
const path = require("path");
const fs = require("fs");
const ts = require("typescript");

const folder = fs.realpathSync(process.argv[2]);
const files = ts.sys.readDirectory(folder, [".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs"], ["**/node_modules/**", "**/*.d.ts"]);
const configPath = ts.findConfigFile(folder, ts.sys.fileExists);
const config = configPath && configPath.startsWith(folder) ? ts.getParsedCommandLineOfConfigFile(configPath, {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic() {} }) : undefined;
const options = { ...(config ? config.options : {}), allowJs: true, checkJs: true, noEmit: true, moduleResolution: ts.ModuleResolutionKind.Node10, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext, jsx: ts.JsxEmit.Preserve, types: [] };
const program = ts.createProgram(files, options);
const checker = program.getTypeChecker();

function nameOf(expression) {
  if (ts.isIdentifier(expression)) return expression;
  if (ts.isPropertyAccessExpression(expression)) return expression.name;
  return undefined;
}

function functionOf(declaration) {
  // the declaration that names a function: the variable or property of a function expression
  let node = declaration;
  if ((ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && node.parent && node.parent.name) node = node.parent;
  return node;
}

function visit(source, node) {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const name = nameOf(node.expression);
    const signature = checker.getResolvedSignature(node);
    let declaration = signature && signature.declaration;
    if (ts.isNewExpression(node) && (!declaration || declaration.kind !== ts.SyntaxKind.Constructor)) {
      const symbol = name && checker.getSymbolAtLocation(name);
      const real = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      declaration = (real && real.declarations && real.declarations.find((d) => ts.isClassDeclaration(d) || ts.isClassExpression(d))) || declaration;
    }
    if (name && declaration && declaration.kind !== ts.SyntaxKind.JSDocSignature) {
      const symbol = declaration.symbol;
      // the implementation of overloads
      const body = symbol && symbol.declarations && symbol.declarations.find((d) => d.body);
      const target = functionOf(body || declaration);
      const file = target.getSourceFile();
      const inside = file.fileName.startsWith(folder + path.sep) && !file.fileName.includes("/node_modules/");
      const isConstructor = target.kind === ts.SyntaxKind.Constructor;
      const named = isConstructor ? target.parent : target;
      const at = (named.name || named).getStart(file);
      const type = target.kind === ts.SyntaxKind.FunctionType || target.kind === ts.SyntaxKind.CallSignature || target.kind === ts.SyntaxKind.ConstructSignature || target.kind === ts.SyntaxKind.ConstructorType;
      if (!type) {
        console.log(JSON.stringify({
          file: path.relative(folder, source.fileName),
          line: source.getLineAndCharacterOfPosition(name.getEnd()).line + 1,
          name: name.text,
          target: inside ? path.relative(folder, file.fileName) : null,
          target_line: file.getLineAndCharacterOfPosition(at).line + 1,
          target_name: (named.name && named.name.text) || name.text,
        }));
      }
    }
  }
  ts.forEachChild(node, (child) => visit(source, child));
}

for (const source of program.getSourceFiles()) {
  if (source.fileName.startsWith(folder + path.sep) && !source.fileName.includes("/node_modules/")) visit(source, source);
}
