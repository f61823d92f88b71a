(import_header (identifier) @module .) @import
(import_header (identifier) @module (import_alias (_) @alias)) @import
(import_header (identifier) @module (wildcard_import) @wildcard) @import
