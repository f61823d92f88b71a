(atx_heading . (_) @mark heading_content: (inline) @title) @heading
(setext_heading heading_content: (paragraph) @title (_) @mark .) @heading

(inline) @inline
(pipe_table_cell) @inline

(fenced_code_block (info_string (language) @language)? (code_fence_content) @code)
(indented_code_block) @code

(link_reference_definition (link_destination) @link)
