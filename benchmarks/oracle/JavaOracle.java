// What javac says of the calls in a folder: java JavaOracle.java FOLDER, one JSON object a call.
import com.sun.source.tree.*;
import com.sun.source.util.*;
import java.io.IOException;
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;
import javax.lang.model.element.*;
import javax.lang.model.type.*;
import javax.tools.*;

public class JavaOracle {
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]).toRealPath();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager manager = compiler.getStandardFileManager(d -> {}, null, null);
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.filter(p -> p.toString().endsWith(".java") && !p.toString().endsWith("module-info.java") && !p.toString().endsWith("package-info.java")).sorted().collect(Collectors.toList());
        }
        JavacTask task = (JavacTask) compiler.getTask(null, manager, d -> {}, List.of("-proc:none", "-Xmaxerrs", "1"), null, manager.getJavaFileObjectsFromPaths(files));
        List<CompilationUnitTree> units = new ArrayList<>();
        for (CompilationUnitTree unit : task.parse()) units.add(unit);
        task.analyze();
        Trees trees = Trees.instance(task);
        Map<String, List<ExecutableElement>> methods = new HashMap<>();
        for (CompilationUnitTree unit : units) new TreePathScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree tree, Void nothing) {
                Element element = trees.getElement(getCurrentPath());
                if (element instanceof ExecutableElement) methods.computeIfAbsent(tree.getName() + "/" + tree.getParameters().size(), n -> new ArrayList<>()).add((ExecutableElement) element);
                return super.visitMethod(tree, nothing);
            }
        }.scan(unit, null);
        for (CompilationUnitTree unit : units) new Scanner(folder, unit, trees, task.getElements(), task.getTypes(), methods).scan(unit, null);
    }

    static class Scanner extends TreePathScanner<Void, Void> {
        final Path folder;
        final CompilationUnitTree unit;
        final Trees trees;
        final javax.lang.model.util.Elements elements;
        final javax.lang.model.util.Types types;
        final Map<String, List<ExecutableElement>> methods;
        final Map<Element, List<ExecutableElement>> overriding = new HashMap<>();

        Scanner(Path folder, CompilationUnitTree unit, Trees trees, javax.lang.model.util.Elements elements, javax.lang.model.util.Types types, Map<String, List<ExecutableElement>> methods) {
            this.folder = folder;
            this.unit = unit;
            this.trees = trees;
            this.elements = elements;
            this.types = types;
            this.methods = methods;
        }

        // Constructors that no source writes, and what they call, are none of the program's functions.
        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            return implied(trees.getElement(getCurrentPath())) ? null : super.visitMethod(tree, nothing);
        }

        boolean implied(Element element) {
            return element != null && element.getKind() == ElementKind.CONSTRUCTOR && elements.getOrigin(element) != javax.lang.model.util.Elements.Origin.EXPLICIT;
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree tree, Void nothing) {
            ExpressionTree select = tree.getMethodSelect();
            String name = select instanceof MemberSelectTree ? ((MemberSelectTree) select).getIdentifier().toString() : select.toString();
            Element called = trees.getElement(new TreePath(getCurrentPath(), select));
            long end = trees.getSourcePositions().getEndPosition(unit, select) - 1;
            if (end < 0) return super.visitMethodInvocation(tree, nothing); // javac wrote it
            if (!implied(called)) report(called, end, name, false);
            boolean above = select instanceof MemberSelectTree && ((MemberSelectTree) select).getExpression().toString().endsWith("super");
            if (called instanceof ExecutableElement && !above) for (Element other : overriding((ExecutableElement) called)) if (reachable(other, select)) report(other, end, name, true);
            return super.visitMethodInvocation(tree, nothing);
        }

        @Override
        public Void visitNewClass(NewClassTree tree, Void nothing) {
            if (tree.getClassBody() == null) {
                String name = tree.getIdentifier().toString();
                report(trees.getElement(getCurrentPath()), place(tree), name.replaceAll("<.*", "").replaceAll(".*\\.", ""), false);
            }
            return super.visitNewClass(tree, nothing);
        }

        // Methods of the folder that may run in place of one, also of one of the library; what all types have says nothing.
        List<ExecutableElement> overriding(ExecutableElement method) {
            if (method.getModifiers().contains(Modifier.STATIC) || method.getKind() != ElementKind.METHOD || method.getEnclosingElement().toString().equals("java.lang.Object")) return List.of();
            return overriding.computeIfAbsent(method, m -> methods.getOrDefault(method.getSimpleName() + "/" + method.getParameters().size(), List.of()).stream()
                .filter(other -> other != method && other.getEnclosingElement() instanceof TypeElement && elements.overrides(other, method, (TypeElement) other.getEnclosingElement())).collect(Collectors.toList()));
        }

        // What is made in place is of no other class, and a method of a class that the receiver cannot be of does not run.
        boolean reachable(Element other, ExpressionTree select) {
            if (!(select instanceof MemberSelectTree)) return true;
            ExpressionTree receiver = ((MemberSelectTree) select).getExpression();
            if (receiver instanceof NewClassTree) return false;
            TypeMirror type = trees.getTypeMirror(new TreePath(new TreePath(getCurrentPath(), select), receiver));
            if (type == null || type.getKind() != TypeKind.DECLARED) return true;
            TypeMirror own = other.getEnclosingElement().asType();
            return types.isSubtype(types.erasure(own), types.erasure(type)) && fits(own, (DeclaredType) type);
        }

        // Whether a class gives the receiver's type arguments that the receiver may have: an Iterator<A> is none of Iterator<B>.
        boolean fits(TypeMirror own, DeclaredType type) {
            if (own.getKind() == TypeKind.DECLARED && ((DeclaredType) own).asElement().equals(type.asElement())) {
                List<? extends TypeMirror> given = ((DeclaredType) own).getTypeArguments(), wanted = type.getTypeArguments();
                for (int i = 0; i < Math.min(given.size(), wanted.size()); i++) {
                    if (!open(given.get(i)) && !open(wanted.get(i)) && !types.contains(wanted.get(i), given.get(i))) return false;
                }
                return true;
            }
            List<? extends TypeMirror> above = types.directSupertypes(own).stream().filter(base -> types.isSubtype(types.erasure(base), types.erasure(type))).collect(Collectors.toList());
            return above.isEmpty() || above.stream().anyMatch(base -> fits(base, type));
        }

        boolean open(TypeMirror type) {
            if (type.getKind() == TypeKind.WILDCARD) {
                WildcardType wildcard = (WildcardType) type;
                return (wildcard.getExtendsBound() != null && open(wildcard.getExtendsBound())) || (wildcard.getSuperBound() != null && open(wildcard.getSuperBound()));
            }
            return type.getKind() == TypeKind.TYPEVAR || (type.getKind() == TypeKind.DECLARED && ((DeclaredType) type).getTypeArguments().stream().anyMatch(this::open));
        }

        // A constant of an enum is made without a word of its own.
        long place(NewClassTree tree) {
            long end = trees.getSourcePositions().getEndPosition(unit, tree.getIdentifier()) - 1;
            return end >= 0 ? end : trees.getSourcePositions().getStartPosition(unit, getCurrentPath().getParentPath().getLeaf());
        }

        void report(Element element, long position, String name, boolean dispatch) {
            if (!(element instanceof ExecutableElement)) return;
            TreePath declared = trees.getPath(element);
            Element named = element;
            if (element.getKind() == ElementKind.CONSTRUCTOR) {
                named = element.getEnclosingElement();
                TreePath type = trees.getPath(named);
                if (type != null) declared = type;
            }
            if (named.asType().getKind().toString().equals("ERROR")) return;
            String target = "null";
            long line = 0;
            if (declared != null) {
                CompilationUnitTree other = declared.getCompilationUnit();
                Path path = Path.of(other.getSourceFile().toUri());
                if (path.startsWith(folder)) {
                    target = "\"" + folder.relativize(path) + "\"";
                    line = other.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(other, declared.getLeaf()));
                    long end = trees.getSourcePositions().getEndPosition(other, declared.getLeaf());
                    line = Math.max(line, 1);
                    if (end < 0) return;
                }
            }
            String file = folder.relativize(Path.of(unit.getSourceFile().toUri())).toString();
            System.out.println("{\"file\": \"" + file + "\", \"line\": " + unit.getLineMap().getLineNumber(position) + ", \"name\": \"" + name + "\", \"target\": " + target + ", \"target_line\": " + line + ", \"target_name\": \"" + named.getSimpleName() + "\"" + (dispatch ? ", \"dispatch\": true" : "") + "}");
        }
    }
}
