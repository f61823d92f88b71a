(code_span) @span
(inline_link (link_destination) @link)
[(html_tag) (uri_autolink) (email_autolink) (image) (latex_block)] @other
