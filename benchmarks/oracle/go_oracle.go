// What go/types says of the calls in a folder of Go: `go run go_oracle.go FOLDER`, one JSON object a call.
//
// A call of an interface's method is followed by the methods that it may dispatch to: those of all types in the folder that implement
// the interface which the receiver has where it stands, not the one that it embeds. Packages outside of the folder are read from their sources; what is missing there is tolerated.
package main

import (
	"encoding/json"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// Call is one line of the answer.
type Call struct {
	File       string  `json:"file"`
	Line       int     `json:"line"`
	Name       string  `json:"name"`
	Target     *string `json:"target"`
	TargetLine int     `json:"target_line"`
	TargetName string  `json:"target_name"`
	Dispatch   bool    `json:"dispatch,omitempty"`
}

var moduleLine = regexp.MustCompile(`(?m)^module\s+"?([^\s"]+)`)

// Oracle type-checks the packages of one folder.
type Oracle struct {
	root     string
	files    *token.FileSet
	outside  types.ImporterFrom
	folders  map[string]string // import path -> folder
	packages map[string]*types.Package
	named    []*types.Named
	out      *json.Encoder
}

func (o *Oracle) findPackages() {
	roots := map[string]string{}
	for _, workspace := range filepath.SplitList(build.Default.GOPATH) {
		if inside, err := filepath.Rel(filepath.Join(workspace, "src"), o.root); err == nil && !strings.HasPrefix(inside, "..") {
			roots[o.root] = filepath.ToSlash(inside)
		}
	}
	filepath.Walk(o.root, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Name() == "go.mod" {
			if text, err := os.ReadFile(path); err == nil {
				if found := moduleLine.FindSubmatch(text); found != nil {
					roots[filepath.Dir(path)] = string(found[1])
				}
			}
		}
		return nil
	})
	filepath.Walk(o.root, func(path string, info os.FileInfo, err error) error {
		if err != nil || !info.IsDir() {
			return nil
		}
		for around := path; ; around = filepath.Dir(around) {
			if module, known := roots[around]; known {
				inside, _ := filepath.Rel(around, path)
				o.folders[strings.TrimSuffix(filepath.ToSlash(filepath.Join(module, inside)), "/.")] = path
				break
			}
			if around == o.root || around == filepath.Dir(around) {
				break
			}
		}
		return nil
	})
}

// Import finds a package for the type checker.
func (o *Oracle) Import(path string) (*types.Package, error) { return o.ImportFrom(path, o.root, 0) }

// ImportFrom finds a package for the type checker: one of the folder, or else one from outside.
func (o *Oracle) ImportFrom(path, from string, mode types.ImportMode) (*types.Package, error) {
	folder, inside := o.folders[path]
	if !inside {
		return o.outside.ImportFrom(path, from, mode)
	}
	if known, done := o.packages[path]; done {
		return known, nil
	}
	o.packages[path] = nil
	own, _, _ := o.parse(folder)
	known := o.check(path, own, nil)
	o.packages[path] = known
	return known, nil
}

// parse reads the files of a folder that this machine would build: the package, its own tests, and the tests from outside.
func (o *Oracle) parse(folder string) (own, inner, outer []*ast.File) {
	paths, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	for _, path := range paths {
		if fits, err := build.Default.MatchFile(folder, filepath.Base(path)); err != nil || !fits {
			continue
		}
		file, err := parser.ParseFile(o.files, path, nil, parser.SkipObjectResolution)
		switch {
		case file == nil || (err != nil && file.Name == nil):
		case strings.HasSuffix(file.Name.Name, "_test"):
			outer = append(outer, file)
		case strings.HasSuffix(path, "_test.go"):
			inner = append(inner, file)
		default:
			own = append(own, file)
		}
	}
	return own, inner, outer
}

func (o *Oracle) check(path string, files []*ast.File, info *types.Info) *types.Package {
	settings := types.Config{Importer: o, FakeImportC: true, Error: func(error) {}}
	found, _ := settings.Check(path, o.files, files, info)
	return found
}

func (o *Oracle) run() {
	paths := make([]string, 0, len(o.folders))
	for path := range o.folders {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	checked := map[*ast.File]*types.Info{}
	for _, path := range paths {
		own, inner, outer := o.parse(o.folders[path])
		for number, files := range [][]*ast.File{append(own, inner...), outer} {
			if len(files) == 0 {
				continue
			}
			info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
			name := path
			if number == 1 {
				name += "_test"
			}
			o.check(name, files, info)
			o.collect(info)
			for _, file := range files {
				checked[file] = info
			}
		}
	}
	for file, info := range checked {
		o.report(file, info)
	}
}

func (o *Oracle) collect(info *types.Info) {
	for _, object := range info.Defs {
		name, is := object.(*types.TypeName)
		if !is || name.IsAlias() {
			continue
		}
		if named, is := name.Type().(*types.Named); is && !types.IsInterface(named) && named.TypeParams().Len() == 0 {
			o.named = append(o.named, named)
		}
	}
}

func (o *Oracle) report(file *ast.File, info *types.Info) {
	ast.Inspect(file, func(node ast.Node) bool {
		if call, is := node.(*ast.CallExpr); is {
			if name := calleeName(call.Fun); name != nil {
				o.reportCall(name, held(call.Fun, info), info)
			}
		}
		return true
	})
}

func calleeName(callee ast.Expr) *ast.Ident {
	switch form := callee.(type) {
	case *ast.Ident:
		return form
	case *ast.SelectorExpr:
		return form.Sel
	case *ast.ParenExpr:
		return calleeName(form.X)
	case *ast.IndexExpr:
		return calleeName(form.X)
	case *ast.IndexListExpr:
		return calleeName(form.X)
	}
	return nil
}

// held is the type of the value whose method is called: that of the receiver, or of the field in it that has the method.
func held(callee ast.Expr, info *types.Info) types.Type {
	selector, is := callee.(*ast.SelectorExpr)
	if !is || info.Selections[selector] == nil {
		return nil
	}
	selection := info.Selections[selector]
	at := selection.Recv()
	path := selection.Index()
	for _, number := range path[:len(path)-1] {
		if pointer, is := at.Underlying().(*types.Pointer); is {
			at = pointer.Elem()
		}
		structure, is := at.Underlying().(*types.Struct)
		if !is {
			return at
		}
		at = structure.Field(number).Type()
	}
	return at
}

func (o *Oracle) reportCall(name *ast.Ident, holder types.Type, info *types.Info) {
	switch object := info.Uses[name].(type) {
	case *types.Builtin:
		o.emit(name, nil, false)
	case *types.Func:
		object = object.Origin()
		o.emit(name, object, false)
		receiver := object.Type().(*types.Signature).Recv()
		if receiver == nil {
			return
		}
		wanted, is := receiver.Type().Underlying().(*types.Interface)
		if !is {
			return
		}
		if holder != nil {
			if narrower, is := holder.Underlying().(*types.Interface); is {
				wanted = narrower
			}
		}
		o.dispatch(name, object, wanted)
	}
}

func (o *Oracle) inside(object types.Object) bool {
	return strings.HasPrefix(o.files.Position(object.Pos()).Filename, o.root+string(filepath.Separator))
}

func (o *Oracle) dispatch(name *ast.Ident, method *types.Func, wanted *types.Interface) {
	seen := map[token.Pos]bool{}
	for _, named := range o.named {
		pointer := types.NewPointer(named)
		if !hasMethods(pointer, wanted) {
			continue
		}
		found, _, _ := types.LookupFieldOrMethod(pointer, true, method.Pkg(), method.Name())
		target, is := found.(*types.Func)
		if !is || seen[target.Pos()] || !o.inside(target) || types.IsInterface(target.Type().(*types.Signature).Recv().Type()) {
			continue
		}
		seen[target.Pos()] = true
		o.emit(name, target, true)
	}
}

// hasMethods compares methods by name and by written signature: a package that is checked with its tests and without has two of each type.
func hasMethods(candidate types.Type, wanted *types.Interface) bool {
	for number := 0; number < wanted.NumMethods(); number++ {
		method := wanted.Method(number)
		found, _, _ := types.LookupFieldOrMethod(candidate, true, method.Pkg(), method.Name())
		own, is := found.(*types.Func)
		if !is || written(own) != written(method) {
			return false
		}
	}
	return wanted.NumMethods() > 0
}

// written is a signature as text; the type of all values has two spellings.
func written(method *types.Func) string {
	return strings.ReplaceAll(types.TypeString(unnamed(method.Type()), nil), "interface{}", "any")
}

// unnamed is a signature without the names of its parameters, nor those of functions that it takes or returns.
func unnamed(written types.Type) types.Type {
	signature, is := written.(*types.Signature)
	if !is {
		return written
	}
	plain := func(written *types.Tuple) *types.Tuple {
		made := make([]*types.Var, written.Len())
		for number := range made {
			made[number] = types.NewParam(token.NoPos, nil, "", unnamed(written.At(number).Type()))
		}
		return types.NewTuple(made...)
	}
	return types.NewSignature(nil, plain(signature.Params()), plain(signature.Results()), signature.Variadic())
}

func (o *Oracle) emit(name *ast.Ident, target *types.Func, dispatch bool) {
	where := o.files.Position(name.Pos())
	file, err := filepath.Rel(o.root, where.Filename)
	if err != nil || strings.HasPrefix(file, "..") {
		return
	}
	call := Call{File: filepath.ToSlash(file), Line: where.Line, Name: name.Name, TargetName: name.Name, Dispatch: dispatch}
	if target != nil {
		call.TargetName = target.Name()
		if o.inside(target) {
			place := o.files.Position(target.Pos())
			inside, _ := filepath.Rel(o.root, place.Filename)
			inside = filepath.ToSlash(inside)
			call.Target, call.TargetLine = &inside, place.Line
		}
	}
	o.out.Encode(call)
}

func main() {
	root, _ := filepath.Abs(os.Args[1])
	files := token.NewFileSet()
	outside := importer.ForCompiler(files, "source", nil).(types.ImporterFrom)
	oracle := &Oracle{root: root, files: files, outside: outside, folders: map[string]string{}, packages: map[string]*types.Package{}, out: json.NewEncoder(os.Stdout)}
	oracle.findPackages()
	oracle.run()
}
