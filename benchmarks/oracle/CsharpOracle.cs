// What NRefactory says of the calls in a folder of C# 5: mono CsharpOracle.exe FOLDER, one JSON object a call.
// mcs CsharpOracle.cs -r:ICSharpCode.NRefactory.dll -r:ICSharpCode.NRefactory.CSharp.dll -r:ICSharpCode.NRefactory.Cecil.dll
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using ICSharpCode.NRefactory;
using ICSharpCode.NRefactory.CSharp;
using ICSharpCode.NRefactory.CSharp.Resolver;
using ICSharpCode.NRefactory.Semantics;
using ICSharpCode.NRefactory.TypeSystem;

static class CsharpOracle
{
    static string folder;
    static readonly Dictionary<string, List<IMethod>> Methods = new Dictionary<string, List<IMethod>>();

    static void Main(string[] arguments)
    {
        folder = Path.GetFullPath(arguments[0]).TrimEnd('/') + "/";
        var paths = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories).OrderBy(p => p, StringComparer.Ordinal).ToList();
        var settings = new CompilerSettings();
        foreach (var symbol in Symbols(paths)) settings.ConditionalSymbols.Add(symbol);
        var parser = new CSharpParser(settings);
        IProjectContent project = new CSharpProjectContent();
        var libraries = Path.GetDirectoryName(typeof(object).Assembly.Location);
        foreach (var name in new[] { "mscorlib", "System", "System.Core", "System.Xml", "System.Data", "System.Drawing", "System.Windows.Forms", "System.Security", "System.Runtime.Remoting", "System.Configuration", "System.Web" })
        {
            var file = Path.Combine(libraries, name + ".dll");
            if (File.Exists(file)) project = project.AddAssemblyReferences(new CecilLoader().LoadAssemblyFile(file));
        }
        var trees = new List<SyntaxTree>();
        foreach (var path in paths)
        {
            var tree = parser.Parse(File.ReadAllText(path), path);
            trees.Add(tree);
            project = project.AddOrUpdateFiles(tree.ToTypeSystem());
        }
        var compilation = project.CreateCompilation();
        foreach (var type in compilation.MainAssembly.GetAllTypeDefinitions())
            foreach (var method in type.Methods)
                Add(method.Name + "/" + method.Parameters.Count, method);
        foreach (var tree in trees)
        {
            var resolver = new CSharpAstResolver(compilation, tree, (ICSharpCode.NRefactory.CSharp.TypeSystem.CSharpUnresolvedFile)tree.ToTypeSystem());
            foreach (var node in tree.Descendants.ToList()) Visit(tree.FileName, node, resolver);
        }
    }

    // Symbols that are asked for more often than they are asked not to be there: most code is read with these.
    static IEnumerable<string> Symbols(IEnumerable<string> paths)
    {
        var counts = new Dictionary<string, int>();
        foreach (var condition in paths.SelectMany(File.ReadLines).Select(l => l.Trim()).Where(l => l.StartsWith("#if ") || l.StartsWith("#elif ")))
            foreach (Match match in Regex.Matches(condition.Substring(condition.IndexOf(' ')), @"(!\s*)?\b([A-Za-z_]\w*)"))
            {
                int count;
                counts.TryGetValue(match.Groups[2].Value, out count);
                counts[match.Groups[2].Value] = count + (match.Groups[1].Success ? -1 : 1);
            }
        return counts.Where(c => c.Value > 0 && c.Key != "true" && c.Key != "false").Select(c => c.Key);
    }

    static void Add(string key, IMethod method)
    {
        List<IMethod> found;
        if (!Methods.TryGetValue(key, out found)) Methods[key] = found = new List<IMethod>();
        found.Add(method);
    }

    static void Visit(string file, AstNode node, CSharpAstResolver resolver)
    {
        if (!(node is InvocationExpression || node is ObjectCreateExpression || node is ConstructorInitializer)) return;
        ResolveResult result;
        try { result = resolver.Resolve(node); }
        catch (Exception) { return; }
        var call = result as MemberResolveResult;
        if (call == null || call.IsError || !(call.Member is IMethod)) return;
        var method = (IMethod)call.Member.MemberDefinition;
        var place = node is InvocationExpression ? ((InvocationExpression)node).Target.EndLocation : node is ObjectCreateExpression ? ((ObjectCreateExpression)node).Type.EndLocation : node.StartLocation;
        var target = node is InvocationExpression ? ((InvocationExpression)node).Target : null;
        if (node is ConstructorInitializer && method.IsSynthetic) return;
        var name = method.IsConstructor ? method.DeclaringType.Name : method.Name;
        if (method.DeclaringTypeDefinition == null || method.DeclaringTypeDefinition.Kind == TypeKind.Delegate) return;
        Write(file, place.Line, name, method, false);
        var isBase = target is MemberReferenceExpression && ((MemberReferenceExpression)target).Target is BaseReferenceExpression;
        if (method.IsStatic || method.IsConstructor || isBase) return;
        List<IMethod> others;
        if (!(method.IsOverridable || method.IsAbstract || method.DeclaringTypeDefinition.Kind == TypeKind.Interface) || !Methods.TryGetValue(method.Name + "/" + method.Parameters.Count, out others)) return;
        var receiver = call.TargetResult == null ? null : call.TargetResult.Type.GetDefinition();
        // of what all types have nothing is said where the receiver may be anything
        if (method.DeclaringTypeDefinition.KnownTypeCode == KnownTypeCode.Object && (receiver == null || receiver.KnownTypeCode == KnownTypeCode.Object)) return;
        foreach (var other in others.Where(o => o != method && Overrides(o, method) && Reaches(receiver, o.DeclaringTypeDefinition))) Write(file, place.Line, name, other, true);
    }

    // Whether an instance of a type may run what a class declares: one of the type's subtypes is or extends the class.
    static bool Reaches(ITypeDefinition receiver, ITypeDefinition declaring)
    {
        if (receiver == null || receiver.Kind == TypeKind.TypeParameter || declaring.IsDerivedFrom(receiver)) return true;
        return declaring.Compilation.MainAssembly.GetAllTypeDefinitions().Any(t => t.IsDerivedFrom(receiver) && t.IsDerivedFrom(declaring));
    }

    static bool Overrides(IMethod other, IMethod method)
    {
        if (method.DeclaringTypeDefinition.Kind == TypeKind.Interface)
            return other.ImplementedInterfaceMembers.Concat(InheritanceHelper.GetBaseMembers(other, true)).Any(m => m.MemberDefinition.Equals(method));
        return other.IsOverride && InheritanceHelper.GetBaseMembers(other, false).Any(m => m.MemberDefinition.Equals(method));
    }

    static void Write(string file, int line, string name, IMethod method, bool dispatch)
    {
        var region = method.IsConstructor && method.Region.IsEmpty ? method.DeclaringTypeDefinition.Region : method.Region;
        var inside = !region.IsEmpty && region.FileName != null && region.FileName.StartsWith(folder);
        var named = method.IsConstructor ? method.DeclaringType.Name : method.Name;
        Console.WriteLine("{{\"file\": \"{0}\", \"line\": {1}, \"name\": \"{2}\", \"target\": {3}, \"target_line\": {4}, \"target_name\": \"{5}\"{6}}}",
            file.Substring(folder.Length), line, name, inside ? "\"" + region.FileName.Substring(folder.Length) + "\"" : "null", inside ? region.BeginLine : 0, named, dispatch ? ", \"dispatch\": true" : "");
    }
}
