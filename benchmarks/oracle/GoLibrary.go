// Command GoLibrary writes the methods that the interfaces of Go's standard library ask for: go run GoLibrary.go > types.txt
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

func main() {
	listed, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		panic(err)
	}
	source := importer.ForCompiler(token.NewFileSet(), "source", nil)
	for _, path := range strings.Fields(string(listed)) {
		if strings.Contains(path, "internal") || strings.HasPrefix(path, "vendor/") {
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
		object, named := scope.Lookup(name).(*types.TypeName)
		if !named || !object.Exported() {
			continue
		}
		asked, ok := object.Type().Underlying().(*types.Interface)
		if !ok || asked.NumMethods() == 0 {
			continue
		}
		var methods []string
		for i := 0; i < asked.NumMethods(); i++ {
			methods = append(methods, asked.Method(i).Name())
		}
		sort.Strings(methods)
		fmt.Printf("%s.%s: ? %s\n", found.Path(), name, strings.Join(methods, " "))
	}
}
