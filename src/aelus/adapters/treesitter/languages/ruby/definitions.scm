(class
  name: [(constant) @name (scope_resolution name: (constant) @name)]
  superclass: (superclass (_) @base)?
  body: (_)? @body) @definition.class

(module
  name: [(constant) @name (scope_resolution name: (constant) @name)]
  body: (_)? @body) @definition.trait

((singleton_method
  name: (_) @name
  parameters: (_)? @parameters
  body: (_)? @body) @definition.method
  (#set! modifiers "static")
  (#set! block "yes"))

((singleton_class
  body: (body_statement
    (method
      name: (_) @name
      parameters: (_)? @parameters
      body: (_)? @body) @definition.method))
  (#set! modifiers "static")
  (#set! block "yes"))

((method
  name: (_) @name
  parameters: (_)? @parameters
  body: (_)? @body) @definition.function
  (#set! block "yes"))

; attr_reader and its like define methods
((call
  method: (identifier) @when
  arguments: (argument_list (simple_symbol) @name @definition.method))
  (#set! when "attr_reader|attr_accessor|attr_writer|attr")
  (#set! strip ":")
  (#set! returns "@"))

((call
  method: (identifier) @when
  arguments: (argument_list . (simple_symbol) @name)
  block: [(block body: (_)? @body) (do_block body: (_)? @body)] @definition.method)
  (#set! when "define_method")
  (#set! strip ":"))

; mixins
((call
  method: (identifier) @when
  arguments: (argument_list [(constant) (scope_resolution)] @base)) @inherit.extends
  (#set! when "include|extend|prepend"))

((lambda
  parameters: (_)? @parameters
  body: [(block body: (_)? @body) (do_block body: (_)? @body)] @definition.function)
  (#set! receiver "outer")
  (#set! variables "outer"))

([(block parameters: (_)? @parameters body: (_)? @body)
  (do_block parameters: (_)? @parameters body: (_)? @body)] @definition.function
  (#set! receiver "outer")
  (#set! variables "outer"))

((body_statement (identifier) @when @section)
  (#set! when "private|protected|public"))
