(class
  name: [(constant) @name (scope_resolution name: (constant) @name)]
  superclass: (superclass (_) @base)?
  body: (_)? @body) @definition.class

; classes that a call makes
((assignment
  left: (constant) @name
  right: (call
    receiver: (constant) @when
    method: (identifier) @when
    block: [(block body: (_)? @body) (do_block body: (_)? @body)]?) @definition.class)
  (#set! when "Struct|new|Data|define")
  (#set! modifiers "record"))

((superclass
  (call
    receiver: (constant) @when
    method: (identifier) @when
    block: [(block body: (_)? @body) (do_block body: (_)? @body)]?) @definition.class)
  (#set! when "Struct|new|Data|define")
  (#set! modifiers "record"))

((assignment
  left: (constant) @name
  right: (call
    receiver: (constant) @when
    method: (identifier) @when
    arguments: (argument_list . (_) @base)?
    block: [(block body: (_)? @body) (do_block body: (_)? @body)]?) @definition.class)
  (#set! when "Class|new"))

((assignment
  left: (constant) @name
  right: (call
    receiver: (constant) @when
    method: (identifier) @when
    block: [(block body: (_)? @body) (do_block body: (_)? @body)]?) @definition.trait)
  (#set! when "Module|new"))

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
((singleton_class
  body: (body_statement
    (call
      method: (identifier) @when
      arguments: (argument_list (simple_symbol) @name @definition.method))))
  (#set! when "attr_reader|attr_accessor|attr")
  (#set! modifiers "static")
  (#set! strip ":")
  (#set! returns "@"))

((call
  method: (identifier) @when
  arguments: (argument_list (simple_symbol) @name @definition.method))
  (#set! when "attr_reader|attr_accessor|attr")
  (#set! strip ":")
  (#set! returns "@"))

((singleton_class
  body: (body_statement
    (call
      method: (identifier) @when
      arguments: (argument_list (simple_symbol) @name @definition.method))))
  (#set! when "attr_accessor|attr_writer")
  (#set! modifiers "static")
  (#set! strip ":")
  (#set! suffix "=")
  (#set! beside "yes")
  (#set! stores "@"))

((call
  method: (identifier) @when
  arguments: (argument_list (simple_symbol) @name @definition.method))
  (#set! when "attr_accessor|attr_writer")
  (#set! strip ":")
  (#set! suffix "=")
  (#set! beside "yes")
  (#set! stores "@"))

; what Struct.new and Data.define are given are the names of members
((call
  receiver: (constant) @when
  method: (identifier) @when
  arguments: (argument_list (simple_symbol) @name @definition.method))
  (#set! when "Struct|new|Data|define")
  (#set! strip ":")
  (#set! modifiers "record")
  (#set! returns "@"))

((call
  receiver: (constant) @when
  method: (identifier) @when
  arguments: (argument_list (simple_symbol) @name @definition.method))
  (#set! when "Struct|new")
  (#set! strip ":")
  (#set! suffix "=")
  (#set! beside "yes")
  (#set! stores "@"))

((call
  method: (identifier) @when
  arguments: (argument_list . (simple_symbol) @holder (simple_symbol) @name @definition.method))
  (#set! when "def_delegators|def_instance_delegators")
  (#set! strip ":")
  (#set! block "yes"))

((call
  method: (identifier) @when
  arguments: (argument_list . (simple_symbol) @holder . (simple_symbol) @name @definition.method .))
  (#set! when "def_delegator|def_instance_delegator")
  (#set! strip ":")
  (#set! block "yes"))

((call
  method: (identifier) @when
  arguments: (argument_list . (simple_symbol) @holder . (simple_symbol) @called . (simple_symbol) @name @definition.method))
  (#set! when "def_delegator|def_instance_delegator")
  (#set! strip ":")
  (#set! block "yes"))

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
  (#set! when "include|extend")
  (#set! within "body"))

((call
  method: (identifier) @when
  arguments: (argument_list [(constant) (scope_resolution)] @base)) @inherit.implements
  (#set! when "prepend")
  (#set! within "body"))

; a hook gives the class that includes its module a further one
((singleton_method
  name: (identifier) @when
  body: (body_statement
    (call
      receiver: (identifier)
      method: (identifier) @when
      arguments: (argument_list [(constant) (scope_resolution)] @base)) @inherit.extends))
  (#set! when "included|extended|prepended|inherited|include|extend|prepend")
  (#set! within "body"))

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
