(import_header (identifier) @module .) @import
; what stands behind the last import is a part of it
(import_header (identifier) @module . [(line_comment) (multiline_comment)]) @import
(import_header (identifier) @module (import_alias (_) @alias)) @import
(import_header (identifier) @module (wildcard_import) @wildcard) @import
