//! The stable names of all mistakes, in one table; each says in a few words what it stands for.

use std::fmt;

macro_rules! codes {
    ($($variant:ident $name:literal $summary:literal,)*) => {
        /// The name of a mistake, in kebab-case where people see it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $summary] $variant,)* }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The name, as `unbound-variable`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What it stands for, in a few words.
            pub fn summary(self) -> &'static str {
                match self { $(Code::$variant => $summary,)* }
            }
        }
    };
}

codes! {
    // The text of a rule file.
    LexicalError "lexical-error" "a character that begins no word of the language",
    UnclosedString "unclosed-string" "a string that does not end on its line",
    UnclosedComment "unclosed-comment" "a comment that is never closed",
    BidirectionalControl "bidirectional-control" "a raw bidirectional control character",
    BadEscape "bad-escape" "an escape that a string does not know",
    IntegerOutOfRange "integer-out-of-range" "an integer that does not fit into 64 bits",
    MisplacedExplanation "misplaced-explanation" "a `///` explanation that is above no rule or relation",
    SyntaxError "syntax-error" "words in an order that the grammar does not have",
    // Names.
    UnknownRelation "unknown-relation" "a relation that is not declared",
    UnknownType "unknown-type" "a type that is neither built in, nor an entity, nor an enum",
    UnknownEntity "unknown-entity" "an entity that is not declared",
    UnknownEnumMember "unknown-enum-member" "a name that is no member of the enum",
    UnknownAction "unknown-action" "an action that is not declared",
    AmbiguousName "ambiguous-name" "a name that could be of several types",
    ConflictingDeclarations "conflicting-declarations" "two declarations of one name",
    DuplicateRuleId "duplicate-rule-id" "two rules with one id",
    DuplicateTest "duplicate-test" "two tests with one name",
    UnknownExplanationVariable "unknown-explanation-variable" "a {Variable} that the rule does not have, or a {field} that the relation does not have",
    // Rules.
    WrongArity "wrong-arity" "more or fewer arguments than declared",
    TypeConflict "type-conflict" "one thing used as two types",
    ActionOnWrongEntity "action-on-wrong-entity" "an action used on an entity that it is not done to",
    UntypedResource "untyped-resource" "an id whose entity nothing tells",
    EmptyId "empty-id" "an id without a character",
    UnboundVariable "unbound-variable" "a variable that nothing gives a value",
    MisplacedWildcard "misplaced-wildcard" "`_` where a value is needed",
    UnorderedComparison "unordered-comparison" "`<` between values that have no order",
    NegationCycle "negation-cycle" "a relation that depends on its own absence",
    AggregateCycle "aggregate-cycle" "a relation that depends on an aggregate of itself",
    RecursiveDecision "recursive-decision" "a decision that depends on itself",
    OutcomeRule "outcome-rule" "a rule or fact that adds to the outcome of `allow` and `deny`",
    NestedTooDeep "nested-too-deep" "decisions that use each other through too many steps",
    RuleTooLong "rule-too-long" "a rule or query of too many literals",
    DecisionInRelation "decision-in-relation" "a stored relation that uses a decision",
    FreeDecisionVariable "free-decision-variable" "a query or `expect none` that leaves an argument of a decision open",
    BadAggregate "bad-aggregate" "an aggregate where it can't stand, or that differs from the others",
    TestWithoutExpect "test-without-expect" "a test that expects nothing",
    TestNotGround "test-not-ground" "a variable in a test",
    DecisionFact "decision-fact" "a test that states a decision as a fact",
    MixedTable "mixed-table" "a table of actions that are done to different entities",
    // Rules that are sound, but hardly meant.
    VariableUsedOnce "variable-used-once" "a variable that stands once in its rule",
    NeverFires "never-fires" "a rule that can never fire",
    DuplicateRule "duplicate-rule" "two rules that say the same",
    SubsumedRule "subsumed-rule" "a rule whose every answer another rule gives",
    UnusedRelation "unused-relation" "a relation or decision that nothing uses",
    // Data.
    UnreadableFile "unreadable-file" "a file that can't be read",
    UnexpectedFile "unexpected-file" "a file that does not belong into a folder of data or rules",
    NotAnInput "not-an-input" "data for a relation that only rules may fill",
    UnknownField "unknown-field" "a field that the relation does not have",
    MissingField "missing-field" "a record without one of its fields",
    WrongType "wrong-type" "a value of another type than the field's",
    NullValue "null-value" "null in place of a value",
    DuplicateKey "duplicate-key" "one key twice in one object",
    DuplicateColumn "duplicate-column" "one column twice in a header",
    MalformedJson "malformed-json" "text that is not JSON, or not of the expected shape",
    MalformedCsv "malformed-csv" "text that is not CSV",
    BadUtf8 "bad-utf8" "bytes that are not UTF-8",
    TruncatedFile "truncated-file" "a file that ends in the middle of a record",
    RecordTooLong "record-too-long" "a record beyond the size limit",
    IllegalLevel "illegal-level" "a level that the action does not offer",
    ManifestMismatch "manifest-mismatch" "a file that differs from its manifest",
    UndeclaredReference "undeclared-reference" "a fact that names a thing without a fact of its own",
    Reported "reported" "a finding of a rule about the data",
    IdleRule "idle-rule" "a rule that gives nothing on the data",
    IdleDeny "idle-deny" "a prohibition of what nothing allows",
    RedundantRule "redundant-rule" "a rule whose every answer another rule gives too",
    RuleEffect "rule-effect" "what a rule alone gives on the data",
    // Exports of a portal.
    MissingPage "missing-page" "an export with fewer records than the portal has",
    FailedResponse "failed-response" "a response of the portal that is an error, or none",
    MalformedSql "malformed-sql" "a dump whose rows can't be read",
    UnusableRecord "unusable-record" "a record of an export that can't become facts",
    UnmatchedAccess "unmatched-access-code" "an access code that matches nobody",
    UnknownPermission "unknown-permission" "a stored permission that the policy does not know",
    LoweredLevel "lowered-level" "a stored permission that is not legal, imported as a lower one",
    UnparsedPhone "unparsed-phone" "a phone number that can't be read",
    HolderDifference "holder-difference" "an access code that the rules give to others than the portal does",
    // Running.
    FailedExpectation "failed-expectation" "a test that expects what is not so",
    LimitReached "limit-reached" "more facts derived than the limit allows",
    MissingAllow "missing-allow" "a policy without `allow` where one is needed",
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
