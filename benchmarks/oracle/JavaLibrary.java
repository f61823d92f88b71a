// Writes what `languages/java/types.txt` says of the JDK: java JavaLibrary.java MODULE/PACKAGE...
// A line a type: "name: < bases; result methods…; () parameters of its only abstract method". "?" is a result that depends on the arguments.
import java.lang.reflect.*;
import java.net.URI;
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;

public class JavaLibrary {
    public static void main(String[] packages) throws Exception {
        System.out.println("[]: < java.lang.Cloneable java.io.Serializable; int length");
        System.out.println("*: < java.lang.Object");
        FileSystem modules = FileSystems.getFileSystem(URI.create("jrt:/"));
        
        for (String name : packages) {
            String[] parts = name.split("/");
            Path folder = modules.getPath("/modules/" + parts[0] + "/" + parts[1].replace('.', '/'));
            List<Path> files;
            try (Stream<Path> found = Files.list(folder)) { files = found.filter(p -> p.toString().endsWith(".class")).sorted().collect(Collectors.toList()); }
            for (Path file : files) {
                String simple = file.getFileName().toString().replace(".class", "");
                Class<?> type = Class.forName(parts[1] + "." + simple, false, ClassLoader.getSystemClassLoader());
                if (Modifier.isPublic(type.getModifiers()) && !type.isAnonymousClass() && !type.isAnnotation()) write(type);
            }
        }
    }

    static void write(Class<?> type) {
        List<String> entries = new ArrayList<>();
        List<String> bases = new ArrayList<>();
        if (type.getSuperclass() != null) bases.add(type.getSuperclass().getName().replace('$', '.'));
        for (Class<?> base : type.getInterfaces()) if (Modifier.isPublic(base.getModifiers())) bases.add(base.getName().replace('$', '.'));
        bases.removeIf(b -> b.equals("java.lang.Object") || b.startsWith("java.lang.constant."));
        if (!bases.isEmpty()) entries.add("< " + String.join(" ", bases));
        Map<String, Set<String>> results = new TreeMap<>();
        for (Method method : methods(type)) {
            if (!Modifier.isPublic(method.getModifiers()) || method.isBridge() || method.isSynthetic()) continue;
            results.computeIfAbsent(method.getName(), n -> new HashSet<>()).add(method.getGenericReturnType() instanceof TypeVariable ? "?" : method.getGenericReturnType() instanceof GenericArrayType ? "?" : method.getReturnType().getTypeName());
        }
        for (Field field : type.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())) results.computeIfAbsent(field.getName(), n -> new HashSet<>()).add(field.getType().getTypeName());
        }
        Map<String, List<String>> methods = new TreeMap<>();
        results.forEach((method, types) -> {
            if (types.size() > 1) types.remove("void");
            String result = types.size() > 1 ? "?" : types.iterator().next().replace('$', '.');
            methods.computeIfAbsent(result, r -> new ArrayList<>()).add(method);
        });
        methods.forEach((result, called) -> entries.add(result + " " + String.join(" ", called)));
        long abstracts = type.isInterface() ? Arrays.stream(type.getMethods()).filter(m -> Modifier.isAbstract(m.getModifiers()) && !objects(m)).map(Method::getName).distinct().count() : 0;
        if (abstracts == 1) entries.add("() " + Arrays.stream(type.getMethods()).filter(m -> Modifier.isAbstract(m.getModifiers()) && !objects(m)).findFirst().map(m -> m.getParameterCount() + " " + m.getName()).get());
        System.out.println(type.getName().replace('$', '.') + ": " + String.join("; ", entries));
    }

    // Those that a class has from bases which are not public are its own.
    static List<Method> methods(Class<?> type) {
        List<Method> found = new ArrayList<>(List.of(type.getDeclaredMethods()));
        Class<?> base = type.getSuperclass();
        if (base == null || Modifier.isPublic(base.getModifiers())) return found;
        Set<String> own = found.stream().filter(m -> !m.isBridge()).map(JavaLibrary::signature).collect(Collectors.toSet());
        methods(base).stream().filter(m -> !own.contains(signature(m))).forEach(found::add);
        return found;
    }

    static String signature(Method method) {
        return method.getName() + Arrays.toString(method.getParameterTypes());
    }

    static boolean objects(Method method) {
        return Arrays.stream(Object.class.getMethods()).anyMatch(o -> o.getName().equals(method.getName()) && o.getParameterCount() == method.getParameterCount());
    }
}
