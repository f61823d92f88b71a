; macros by example: their definitions, and where they are invoked
(macro_definition name: (identifier) @name) @definition

((source_file (macro_invocation macro: (identifier) @name (token_tree) @given) @invocation)
  (#set! reads "items"))
((source_file (expression_statement (macro_invocation macro: (identifier) @name (token_tree) @given) @invocation))
  (#set! reads "items"))
((declaration_list (macro_invocation macro: (identifier) @name (token_tree) @given) @invocation)
  (#set! reads "items"))

((block (expression_statement (macro_invocation macro: (identifier) @name (token_tree) @given) @invocation))
  (#set! reads "statements")
  (#set! declaring "let fn struct enum union impl trait const static mod use pub type unsafe extern #"))

((_ pattern: (macro_invocation macro: (identifier) @name (token_tree) @given) @invocation)
  (#set! reads "nothing"))
((_ type: (macro_invocation macro: (identifier) @name (token_tree) @given) @invocation)
  (#set! reads "nothing"))
((type_arguments (macro_invocation macro: (identifier) @name (token_tree) @given) @invocation)
  (#set! reads "nothing"))
((match_pattern (macro_invocation macro: (identifier) @name (token_tree) @given) @invocation)
  (#set! reads "nothing"))
((tuple_struct_pattern (macro_invocation macro: (identifier) @name (token_tree) @given) @invocation)
  (#set! reads "nothing"))
((tuple_pattern (macro_invocation macro: (identifier) @name (token_tree) @given) @invocation)
  (#set! reads "nothing"))

(macro_invocation macro: (identifier) @name (token_tree) @given) @invocation
