// Writes what `languages/csharp/types.txt` says of the base class library: mono CsharpLibrary.exe NAMESPACE...
// A line a type: "name: interface; < bases; result members…; () parameters of a delegate and Invoke". "?" is a result that depends on the arguments.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

static class CsharpLibrary
{
    static void Main(string[] namespaces)
    {
        var folder = System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location);
        var assemblies = new[] { "mscorlib", "System", "System.Core", "System.Xml", "System.Xml.Linq", "System.Data", "System.Net.Http" }.Select(n => System.IO.Path.Combine(folder, n + ".dll")).Where(System.IO.File.Exists).Select(Assembly.LoadFrom).ToList();
        var types = assemblies.SelectMany(a => a.GetExportedTypes()).Where(t => namespaces.Contains(t.Namespace) && !typeof(Attribute).IsAssignableFrom(t));
        Console.WriteLine("[]: < System.Array System.Collections.Generic.IEnumerable System.Collections.Generic.IList System.Collections.Generic.ICollection System.Collections.IEnumerable System.Collections.IList; int Length Rank");
        Console.WriteLine("*: < System.Object");
        foreach (var group in types.GroupBy(Name).OrderBy(g => g.Key, StringComparer.Ordinal)) Write(group.Key, group.ToList());
    }

    static readonly Dictionary<string, string> Words = new Dictionary<string, string> {
        { "Int32", "int" }, { "Int64", "long" }, { "Int16", "short" }, { "SByte", "sbyte" }, { "Byte", "byte" }, { "UInt32", "uint" }, { "UInt64", "ulong" }, { "UInt16", "ushort" },
        { "String", "string" }, { "Object", "object" }, { "Boolean", "bool" }, { "Char", "char" }, { "Double", "double" }, { "Single", "float" }, { "Decimal", "decimal" }, { "Void", "void" } };

    static readonly string[] Dull = { "System.Runtime.Serialization.ISerializable", "System.Runtime.Serialization.IDeserializationCallback", "System.ICloneable", "System.IConvertible", "System.Runtime.InteropServices._Exception" };

    // Those that no base has already.
    static IEnumerable<Type> Interfaces(Type type)
    {
        var all = type.GetInterfaces();
        var inherited = all.SelectMany(i => i.GetInterfaces()).Concat(type.BaseType == null ? new Type[0] : type.BaseType.GetInterfaces()).ToList();
        return all.Where(i => i.IsPublic && !inherited.Contains(i));
    }

    static string Name(Type type)
    {
        var name = type.Name.Split('`')[0];
        return type.IsNested ? Name(type.DeclaringType) + "." + name : type.Namespace + "." + name;
    }

    // Whether a type only stands for another one that is awaited.
    static bool Waits(Type type)
    {
        return type.Namespace == "System.Runtime.CompilerServices" && type.GetMethod("GetAwaiter") != null;
    }

    static string Result(Type type)
    {
        if (type.IsByRef || type.IsPointer || type.IsGenericParameter || Waits(type)) return "?";
        if (type.IsArray) { var inner = Result(type.GetElementType()); return inner == "?" ? "?" : inner + "[]"; }
        string word;
        return type.Namespace == "System" && Words.TryGetValue(type.Name, out word) ? word : Name(type);
    }

    static void Write(string name, List<Type> types)
    {
        var entries = new List<string>();
        if (types.All(t => t.IsInterface)) entries.Add("interface");
        var bases = types.SelectMany(t => Interfaces(t).Concat(t.BaseType == null ? new Type[0] : new[] { t.BaseType })).Select(Name).Distinct().Where(b => b != "System.Object" && b != name && b != "System.ValueType" && b != "System.MulticastDelegate" && !Dull.Contains(b)).ToList();
        if (bases.Count > 0) entries.Add("< " + string.Join(" ", bases));
        var results = new SortedDictionary<string, HashSet<string>>(StringComparer.Ordinal);
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var type in types)
        {
            if (typeof(MulticastDelegate).IsAssignableFrom(type)) continue;
            foreach (var method in type.GetMethods(Own).Where(m => !m.IsSpecialName && m.GetBaseDefinition() == m)) Add(results, method.Name, Result(method.ReturnType));
            foreach (var property in type.GetProperties(Own)) Add(results, property.Name, Result(property.PropertyType));
            foreach (var field in type.GetFields(Own).Where(f => !f.IsSpecialName)) Add(results, field.Name, type.IsEnum ? Name(type) : Result(field.FieldType));
        }
        var grouped = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var entry in results)
        {
            entry.Value.Remove(entry.Value.Count > 1 ? "void" : "");
            var result = entry.Value.Count > 1 ? "?" : entry.Value.First();
            List<string> found;
            if (!grouped.TryGetValue(result, out found)) grouped[result] = found = new List<string>();
            found.Add(entry.Key);
        }
        entries.AddRange(grouped.Select(g => g.Key + " " + string.Join(" ", g.Value)));
        var invoke = types.Count == 1 && typeof(MulticastDelegate).IsAssignableFrom(types[0]) ? types[0].GetMethod("Invoke") : null;
        if (types.Count > 1 && types.All(t => typeof(MulticastDelegate).IsAssignableFrom(t) && t.GetGenericArguments().Length - t.GetMethod("Invoke").GetParameters().Length == (t.GetMethod("Invoke").ReturnType == typeof(void) ? 0 : 1))) entries.Add(types.All(t => t.GetMethod("Invoke").ReturnType == typeof(void)) ? "() arguments Invoke" : "() arguments-1 Invoke");
        if (invoke != null) entries.Add("() " + invoke.GetParameters().Length + " Invoke");
        Console.WriteLine(name + ": " + string.Join("; ", entries));
    }

    static void Add(IDictionary<string, HashSet<string>> results, string name, string result)
    {
        HashSet<string> found;
        if (!results.TryGetValue(name, out found)) results[name] = found = new HashSet<string>();
        found.Add(result);
    }
}
