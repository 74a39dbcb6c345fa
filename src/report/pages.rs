//! The pages of `docs/errors/`, one for each code: the mistake, why it matters, and its repair.
//! They are part of the program, so that `explain` needs no files.

use crate::compiler::codes::Code;

macro_rules! pages {
    ($($variant:ident $name:literal,)*) => {
        /// The page of a code, as Markdown.
        pub fn page(code: Code) -> &'static str {
            match code { $(Code::$variant => include_str!(concat!("../../docs/errors/", $name, ".md")),)* }
        }
    };
}

pages! {
    LexicalError "lexical-error",
    UnclosedString "unclosed-string",
    UnclosedComment "unclosed-comment",
    BidirectionalControl "bidirectional-control",
    BadEscape "bad-escape",
    IntegerOutOfRange "integer-out-of-range",
    MisplacedExplanation "misplaced-explanation",
    SyntaxError "syntax-error",
    UnknownRelation "unknown-relation",
    UnknownType "unknown-type",
    UnknownEntity "unknown-entity",
    UnknownEnumMember "unknown-enum-member",
    UnknownAction "unknown-action",
    AmbiguousName "ambiguous-name",
    ConflictingDeclarations "conflicting-declarations",
    DuplicateRuleId "duplicate-rule-id",
    DuplicateTest "duplicate-test",
    UnknownExplanationVariable "unknown-explanation-variable",
    WrongArity "wrong-arity",
    TypeConflict "type-conflict",
    ActionOnWrongEntity "action-on-wrong-entity",
    UntypedResource "untyped-resource",
    EmptyId "empty-id",
    UnboundVariable "unbound-variable",
    MisplacedWildcard "misplaced-wildcard",
    UnorderedComparison "unordered-comparison",
    NegationCycle "negation-cycle",
    AggregateCycle "aggregate-cycle",
    RecursiveDecision "recursive-decision",
    NestedTooDeep "nested-too-deep",
    RuleTooLong "rule-too-long",
    DecisionInRelation "decision-in-relation",
    FreeDecisionVariable "free-decision-variable",
    BadAggregate "bad-aggregate",
    TestWithoutExpect "test-without-expect",
    TestNotGround "test-not-ground",
    DecisionFact "decision-fact",
    MixedTable "mixed-table",
    VariableUsedOnce "variable-used-once",
    NeverFires "never-fires",
    DuplicateRule "duplicate-rule",
    SubsumedRule "subsumed-rule",
    UnusedRelation "unused-relation",
    UnreadableFile "unreadable-file",
    UnexpectedFile "unexpected-file",
    NotAnInput "not-an-input",
    UnknownField "unknown-field",
    MissingField "missing-field",
    WrongType "wrong-type",
    NullValue "null-value",
    DuplicateKey "duplicate-key",
    DuplicateColumn "duplicate-column",
    MalformedJson "malformed-json",
    MalformedCsv "malformed-csv",
    BadUtf8 "bad-utf8",
    TruncatedFile "truncated-file",
    RecordTooLong "record-too-long",
    IllegalLevel "illegal-level",
    ManifestMismatch "manifest-mismatch",
    UndeclaredReference "undeclared-reference",
    Reported "reported",
    IdleRule "idle-rule",
    IdleDeny "idle-deny",
    RedundantRule "redundant-rule",
    RuleEffect "rule-effect",
    FailedExpectation "failed-expectation",
    LimitReached "limit-reached",
    MissingAllow "missing-allow",
}
