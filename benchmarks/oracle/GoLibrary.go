// Command GoLibrary writes what Go's standard library asks of what it is given: go run GoLibrary.go > types.txt
//
// A line for each interface has its methods with the types of their parameters and results, one for each function or method that takes
// interfaces or functions has these by the numbers of its parameters; `+` behind a number stands for all arguments from there on, `()` for
// a function.
package main

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"os/exec"
	"sort"
	"strings"
)

// printers is what packages look for in values of any type that they print: the first of these that a value has.
const printers = "fmt.Formatter|builtin.error|fmt.Stringer"

var printing = map[string]bool{"fmt": true, "log": true, "testing": true}

// chains is what package errors looks for in errors, under names of its own.
const chains = `errors.matcher: ! Is(error)(bool)
errors.target: ! As(?)(bool)
errors.wrapper: ! Unwrap()(error)
errors.As: & 0=errors.target 0=errors.wrapper
errors.Is: & 0=errors.matcher 0=errors.wrapper
errors.Unwrap: & 0=errors.wrapper`

func main() {
	listed, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		panic(err)
	}
	fmt.Println("builtin.error: ! Error()(string)")
	fmt.Println(chains)
	source := importer.ForCompiler(token.NewFileSet(), "source", nil)
	for _, path := range strings.Fields(string(listed)) {
		if path == "errors" || strings.Contains(path, "internal") || strings.HasPrefix(path, "vendor/") {
			continue
		}
		found, err := source.Import(path)
		if err != nil {
			continue
		}
		write(found)
	}
}

func write(found *types.Package) {
	scope := found.Scope()
	for _, name := range scope.Names() {
		object := scope.Lookup(name)
		if !object.Exported() {
			continue
		}
		switch object := object.(type) {
		case *types.Func:
			writeTaken(found.Path()+"."+name, object)
		case *types.TypeName:
			writeType(found.Path()+"."+name, object.Type())
		}
	}
}

func writeType(name string, declared types.Type) {
	if asked, is := declared.Underlying().(*types.Interface); is {
		var methods []string
		for i := 0; i < asked.NumMethods(); i++ {
			methods = append(methods, asked.Method(i).Name()+signature(asked.Method(i)))
		}
		sort.Strings(methods)
		if len(methods) > 0 {
			fmt.Printf("%s: ! %s\n", name, strings.Join(methods, " "))
		}
		for i := 0; i < asked.NumMethods(); i++ {
			writeTaken(name+"."+asked.Method(i).Name(), asked.Method(i))
		}
		return
	}
	methods := types.NewMethodSet(types.NewPointer(declared))
	for i := 0; i < methods.Len(); i++ {
		if method, is := methods.At(i).Obj().(*types.Func); is && method.Exported() {
			writeTaken(name+"."+method.Name(), method)
		}
	}
}

// writeTaken writes which interfaces of the library, and which functions, a function takes.
func writeTaken(name string, function *types.Func) {
	signature := function.Type().(*types.Signature)
	var taken []string
	for i := 0; i < signature.Params().Len(); i++ {
		written, mark := signature.Params().At(i).Type(), ""
		if signature.Variadic() && i == signature.Params().Len()-1 {
			written, mark = written.(*types.Slice).Elem(), "+"
		}
		if _, calls := written.Underlying().(*types.Signature); calls {
			taken = append(taken, fmt.Sprintf("%d%s=()", i, mark))
		}
		if asked := lookedFor(function, written); asked != "" {
			taken = append(taken, fmt.Sprintf("%d%s=%s", i, mark, asked))
		}
		if named, is := written.(*types.Named); is && types.IsInterface(named) && named.TypeArgs().Len() == 0 {
			if wanted := named.Underlying().(*types.Interface); wanted.NumMethods() > 0 && named.Obj().Exported() || named.Obj().Pkg() == nil {
				taken = append(taken, fmt.Sprintf("%d%s=%s", i, mark, qualified(named)))
			}
		}
	}
	if len(taken) > 0 {
		fmt.Printf("%s: & %s\n", name, strings.Join(taken, " "))
	}
}

// lookedFor is what a function looks for in an argument of any type; empty where it is not known to look for anything.
func lookedFor(function *types.Func, written types.Type) string {
	any, is := written.(*types.Interface)
	if !is || any.NumMethods() > 0 {
		return ""
	}
	path, name := function.Pkg().Path(), function.Name()
	reads := strings.HasPrefix(name, "Unmarshal") || strings.HasPrefix(name, "Decode")
	switch {
	case printing[path] && !strings.Contains(name, "can"):
		return printers
	case (path == "encoding/json" || path == "encoding/xml") && reads:
		return path + ".Unmarshaler|encoding.TextUnmarshaler"
	case (path == "encoding/json" || path == "encoding/xml") && (strings.HasPrefix(name, "Marshal") || strings.HasPrefix(name, "Encode")):
		return path + ".Marshaler|encoding.TextMarshaler"
	}
	return ""
}

func qualified(named *types.Named) string {
	if named.Obj().Pkg() == nil {
		return "builtin." + named.Obj().Name()
	}
	return named.Obj().Pkg().Path() + "." + named.Obj().Name()
}

func signature(method *types.Func) string {
	signature := method.Type().(*types.Signature)
	return "(" + tuple(signature.Params(), signature.Variadic()) + ")(" + tuple(signature.Results(), false) + ")"
}

func tuple(written *types.Tuple, variadic bool) string {
	var parts []string
	for i := 0; i < written.Len(); i++ {
		part := written.At(i).Type()
		if variadic && i == written.Len()-1 {
			parts = append(parts, "..."+spelled(part.(*types.Slice).Elem()))
		} else {
			parts = append(parts, spelled(part))
		}
	}
	return strings.Join(parts, ",")
}

// spelled is how a type is written, by its last name; `?` where that does not tell types apart.
func spelled(written types.Type) string {
	switch written := written.(type) {
	case *types.Basic:
		return written.Name()
	case *types.Named:
		return written.Obj().Name()
	case *types.Pointer:
		return spelled(written.Elem())
	case *types.Slice:
		return "[]" + spelled(written.Elem())
	case *types.Array:
		return "[]" + spelled(written.Elem())
	case *types.Signature:
		return "()"
	}
	return "?"
}
