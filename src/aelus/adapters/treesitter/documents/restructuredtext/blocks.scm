(section (title) @title) @heading

(paragraph) @prose
(term) @prose

(literal) @span
(interpreted_text) @marked
(reference) @link
(target (link) @link)
[(standalone_hyperlink) (substitution_reference) (footnote_reference) (citation_reference)] @other

(literal_block) @code
(doctest_block) @code

(directive name: (type) @directive body: (body (arguments)? @arguments (content)? @content)) @whole
