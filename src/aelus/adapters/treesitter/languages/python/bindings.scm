(assignment left: (_) @target type: (_)? @type right: (_)? @value) @bind.assign
(augmented_assignment left: (_) @target right: (_) @value) @bind.assign
(named_expression name: (_) @target value: (_) @value) @bind.assign
(for_statement left: (_) @target right: (_) @value) @bind.each
(for_in_clause left: (_) @target right: (_) @value) @bind.each
(with_item value: (as_pattern (_) @value alias: (as_pattern_target (_) @target))) @bind.enter
(except_clause value: (as_pattern (_) @value alias: (as_pattern_target (_) @target))) @bind.instance
(return_statement (_) @value) @return
(yield (_) @value) @yield
(yield) @yield
(lambda body: (_) @value) @return
(global_statement (identifier) @target) @outer.global
(nonlocal_statement (identifier) @target) @outer.nonlocal
