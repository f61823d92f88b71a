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

function classOf(name) {
  const symbol = name && checker.getSymbolAtLocation(name);
  const real = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return real && real.declarations && real.declarations.find((d) => ts.isClassDeclaration(d) || ts.isClassExpression(d));
}

function calledBy(node, name) {
  const signature = checker.getResolvedSignature(node);
  const declaration = signature && signature.declaration;
  const made = ts.isNewExpression(node) ? classOf(name) : undefined;
  // a class with an inherited constructor: the class is made, and the constructor is called
  const named = !made || (declaration && ts.isConstructorDeclaration(declaration) && declaration.parent !== made) ? declaration : undefined;
  return [...new Set([made, named, ...ofUnion(node)])].filter(Boolean);
}

function ofUnion(node) {
  // of a receiver that is one of several types, the member of each: the compiler's signature names the first alone
  const callee = node.expression;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(callee)) return [];
  const type = checker.getApparentType(checker.getNonNullableType(checker.getTypeAtLocation(callee.expression)));
  if (!type.isUnion()) return [];
  const declared = type.types.map((part) => checker.getApparentType(part).getProperty(callee.name.text)).map((member) => (member && member.declarations) || []);
  return declared.map((each) => each.find((d) => d.body) || each[0]).filter(Boolean);
}

const TYPES = [ts.SyntaxKind.FunctionType, ts.SyntaxKind.CallSignature, ts.SyntaxKind.ConstructSignature, ts.SyntaxKind.ConstructorType];

function place(target, fallback) {
  const file = target.getSourceFile();
  const named = ts.isConstructorDeclaration(target) ? target.parent : target;
  const inside = file.fileName.startsWith(folder + path.sep) && !file.fileName.includes("/node_modules/");
  return {
    target: inside ? path.relative(folder, file.fileName) : null,
    target_line: file.getLineAndCharacterOfPosition((named.name || named).getStart(file)).line + 1,
    target_name: (named.name && named.name.text) || fallback,
  };
}

function isBeside(file) {
  // declarations of the package itself, beside its sources, do not say which function runs
  return file.isDeclarationFile && !file.fileName.includes("/node_modules/") && !program.isSourceFileDefaultLibrary(file);
}

function write(source, name, text, declaration, dispatch) {
  // the implementation of overloads
  const body = declaration.symbol && declaration.symbol.declarations && declaration.symbol.declarations.find((d) => d.body);
  const target = functionOf(ts.isClassLike(declaration) ? declaration : body || declaration);
  if (TYPES.includes(target.kind) || target.kind === ts.SyntaxKind.JSDocSignature || isBeside(target.getSourceFile())) return unknown(source, name, text);
  const line = source.getLineAndCharacterOfPosition(name.getEnd()).line + 1;
  console.log(JSON.stringify({ file: path.relative(folder, source.fileName), line, name: text, ...place(target, text), dispatch }));
}

function unknown(source, name, text) {
  const line = source.getLineAndCharacterOfPosition(name.getEnd()).line + 1;
  console.log(JSON.stringify({ file: path.relative(folder, source.fileName), line, name: text, target: null, target_line: 0, target_name: text, unknown: true }));
}

// --- what a call may reach besides: members of subclasses, of implementing classes, and of literals that a type is expected of

const implementations = new Map();

function implemented(type, name, found = new Set(), seen = new Set()) {
  if (!type || seen.has(type)) return found;
  seen.add(type);
  for (const part of type.isUnionOrIntersection() ? type.types : [type]) {
    const symbol = part.getProperty(name);
    for (const declaration of (symbol && symbol.declarations) || []) found.add(declaration);
  }
  return found;
}

function isFunction(node) {
  return node && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));
}

function standing(member) {
  // the function that stands in the place of a member: its own body, or in a literal the one that is named there
  if (ts.isMethodDeclaration(member)) return member.body && member;
  if (isFunction(member.initializer)) return member;
  const named = ts.isShorthandPropertyAssignment(member) ? checker.getShorthandAssignmentValueSymbol(member) : ts.isPropertyAssignment(member) && ts.isIdentifier(member.initializer) ? checker.getSymbolAtLocation(member.initializer) : undefined;
  const real = named && named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named;
  return ((real && real.declarations) || []).find((d) => (ts.isFunctionDeclaration(d) && d.body) || (ts.isVariableDeclaration(d) && isFunction(d.initializer)));
}

function note(bases, member) {
  if (!member.name || !ts.isIdentifier(member.name)) return;
  const target = standing(member);
  if (!target) return;
  for (const base of bases) {
    for (const declaration of implemented(base, member.name.text)) {
      if (declaration === target) continue;
      if (!implementations.has(declaration)) implementations.set(declaration, new Set());
      implementations.get(declaration).add(target);
    }
  }
}

function ancestors(node, found = new Set()) {
  for (const clause of node.heritageClauses || []) {
    for (const written of clause.types) {
      const type = checker.getTypeAtLocation(written);
      // of `implements A & B` each is one
      for (const part of type.isIntersection() ? type.types : [type]) {
        if (found.has(part)) continue;
        found.add(part);
        for (const declaration of (part.symbol && part.symbol.declarations) || []) {
          if (ts.isClassLike(declaration) || ts.isInterfaceDeclaration(declaration)) ancestors(declaration, found);
        }
      }
    }
  }
  return found;
}

function collect(node) {
  if (ts.isClassLike(node)) {
    const bases = ancestors(node);
    if (bases.size) node.members.forEach((member) => note(bases, member));
  } else if (ts.isObjectLiteralExpression(node)) {
    const expected = checker.getContextualType(node);
    if (expected) node.properties.forEach((member) => note([expected], member));
  }
  ts.forEachChild(node, collect);
}

function below(member, receiver) {
  // whether a member's class is one that the receiver's type allows: itself, or one that extends or implements it
  const owner = member.parent;
  if (!ts.isClassLike(owner) || !receiver) return true;
  const type = checker.getApparentType(checker.getNonNullableType(receiver));
  const wanted = (type.isUnionOrIntersection() ? type.types : [type]).map((part) => part.symbol).filter((symbol) => symbol && symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface));
  if (!wanted.length) return true;
  const own = [owner.symbol, ...[...ancestors(owner)].map((base) => base.symbol)];
  return wanted.some((symbol) => own.includes(symbol));
}

function isExact(receiver) {
  // what is made in place of a class that is named, or a constant that is: its class is no other one
  if (ts.isNewExpression(receiver)) return namesClass(receiver.expression);
  const symbol = ts.isIdentifier(receiver) ? checker.getSymbolAtLocation(receiver) : undefined;
  const declaration = symbol && symbol.valueDeclaration;
  const constant = declaration && ts.isVariableDeclaration(declaration) && ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const;
  const made = constant && !declaration.type ? declaration.initializer : undefined;
  return Boolean(made && ts.isNewExpression(made) && namesClass(made.expression));
}

function namesClass(expression) {
  if (classOf(nameOf(expression))) return true;
  const symbol = ts.isIdentifier(expression) ? checker.getSymbolAtLocation(expression) : undefined;
  return Boolean(symbol && symbol.valueDeclaration && program.isSourceFileDefaultLibrary(symbol.valueDeclaration.getSourceFile()));
}

function visit(source, node) {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const chained = node.expression.kind === ts.SyntaxKind.SuperKeyword;
    const name = chained ? node.expression : nameOf(node.expression);
    const text = !name || chained ? "super" : name.text;
    const called = name ? calledBy(node, chained ? undefined : name) : [];
    if (name && !called.length) unknown(source, name, text);
    for (const declaration of called) {
      write(source, name, text, declaration, false);
      const owned = ts.isPropertyAccessExpression(node.expression) && node.expression.expression.kind !== ts.SyntaxKind.SuperKeyword;
      const declared = owned && declaration.symbol && declaration.symbol.declarations ? declaration.symbol.declarations : [];
      const reached = new Set(declared.flatMap((d) => [...(implementations.get(d) || [])]));
      if (owned && isExact(node.expression.expression)) continue;
      const receiver = owned ? checker.getTypeAtLocation(node.expression.expression) : undefined;
      for (const member of reached) if (below(member, receiver)) write(source, name, text, member, true);
    }
  }
  ts.forEachChild(node, (child) => visit(source, child));
}

const inside = program.getSourceFiles().filter((source) => source.fileName.startsWith(folder + path.sep) && !source.fileName.includes("/node_modules/"));
inside.forEach(collect);
inside.forEach((source) => visit(source, source));
