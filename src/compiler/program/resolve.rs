//! Declarations: every entity, enum, action and relation gets its number and its name.
//! Of two declarations of one name the first counts; where they differ, nothing is concluded from the name.

use rustc_hash::FxHashMap;

use super::check::Checker;
use super::names::{Places, Target, pair};
use super::vocabulary;
use super::{Action, ActionId, Entity, EntityId, Enum, EnumId, Field, Relation, RelationId, StatedFacts, Type};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{Origin, Span};
use crate::compiler::suggest;
use crate::compiler::syntax::ast::{self, Name, RelationKind, Statement};

impl Checker<'_> {
    /// Declares what the statements declare: types first, since the others use them.
    pub(super) fn declare<'t, 'a: 't>(&mut self, statements: impl Iterator<Item = &'t Statement<'a>> + Clone) {
        for statement in statements.clone() {
            match statement {
                Statement::Entity(name) => self.declare_entity(*name),
                Statement::Enum(declaration) => self.declare_enum(declaration),
                _ => {}
            }
        }
        for statement in statements {
            match statement {
                Statement::Action(declaration) => self.declare_action(declaration),
                Statement::Relation(declaration) => self.declare_relation(declaration),
                _ => {}
            }
        }
    }

    fn declare_entity(&mut self, name: Name<'_>) {
        if let Some(known) = self.names.types.get(name.text).copied() {
            let same = matches!(known, Some(Type::Entity(_)));
            return self.dispute_type(name, "entity", same);
        }
        let id = EntityId(self.program.entities.len() as u32);
        let built_in = self.sources.get(name.span.source).origin == Origin::BuiltIn;
        let single = built_in && name.text == vocabulary::PORTAL;
        self.program.entities.push(Entity { name: name.text.to_string(), span: name.span, single });
        self.names.types.insert(name.text.to_string(), Some(Type::Entity(id)));
    }

    fn declare_enum(&mut self, declaration: &ast::EnumDeclaration<'_>) {
        let name = declaration.name;
        if let Some(known) = self.names.types.get(name.text).copied() {
            let same = matches!(known, Some(Type::Enum(id)) if self.is_same_enum(id, declaration));
            return self.dispute_type(name, "enum", same);
        }
        let id = EnumId(self.program.enums.len() as u32);
        let mut places = FxHashMap::default();
        let mut spans: Vec<Span> = Vec::new();
        for member in &declaration.members {
            match places.get(member.text) {
                Some(first) => self.report(duplicate_member(*member, name, spans[*first as usize])),
                None => {
                    places.insert(member.text.to_string(), spans.len() as u32);
                    spans.push(member.span);
                }
            }
        }
        let members = declaration.members.iter().map(|member| member.text.to_string()).collect();
        self.program.enums.push(Enum {
            name: name.text.to_string(),
            members,
            ordered: declaration.ordered,
            span: name.span,
        });
        self.names.members.push(places);
        self.names.types.insert(name.text.to_string(), Some(Type::Enum(id)));
    }

    fn is_same_enum(&self, id: EnumId, declaration: &ast::EnumDeclaration<'_>) -> bool {
        let first = &self.program.enums[id.index()];
        first.ordered == declaration.ordered
            && first.members.iter().eq(declaration.members.iter().map(|member| member.text))
    }

    /// Reports a second declaration of a type.
    fn dispute_type(&mut self, name: Name<'_>, word: &str, same: bool) {
        let Some((kind, span)) = self.first_declaration(name.text) else {
            return self.report(redeclared_built_in(name, word));
        };
        if !same {
            self.names.types.insert(name.text.to_string(), None);
        }
        self.report_redeclared(word, name, kind, span, same);
    }

    /// Where a type of that name was declared first, and as what; none for a built-in one.
    fn first_declaration(&self, name: &str) -> Option<(&'static str, Span)> {
        match self.names.types.get(name)? {
            Some(Type::Entity(entity)) => Some(("entity", self.program.entities[entity.index()].span)),
            Some(Type::Enum(of)) => Some(("enum", self.program.enums[of.index()].span)),
            Some(Type::Text | Type::Int | Type::Action | Type::Resource) => None,
            None => {
                let entity = self.program.entities.iter().find(|entity| entity.name == name);
                let declared = || self.program.enums.iter().find(|declared| declared.name == name);
                let entity = entity.map(|entity| ("entity", entity.span));
                entity.or_else(|| declared().map(|declared| ("enum", declared.span)))
            }
        }
    }

    fn declare_action(&mut self, declaration: &ast::ActionDeclaration<'_>) {
        let name = declaration.name;
        let target = self.target(declaration.on);
        if let Some(&first) = self.names.actions.get(name.text) {
            let same = self.names.targets[first.index()] == target;
            if !same {
                self.names.targets[first.index()] = Target::Unknown;
            }
            let span = self.program.actions[first.index()].span;
            return self.report_redeclared("action", name, "action", span, same);
        }
        let id = ActionId(self.program.actions.len() as u32);
        let on = match target {
            Target::Entity(entity) => Some(entity),
            Target::Any | Target::Unknown => None,
        };
        self.program.actions.push(Action { name: name.text.to_string(), on, span: name.span });
        self.names.actions.insert(name.text.to_string(), id);
        self.names.targets.push(target);
    }

    fn target(&mut self, on: Name<'_>) -> Target {
        match self.names.types.get(on.text) {
            Some(Some(Type::Resource)) => Target::Any,
            Some(Some(Type::Entity(entity))) => Target::Entity(*entity),
            Some(None) => Target::Unknown,
            Some(Some(_)) | None => {
                self.report_unknown(on.text, |checker| checker.unknown_entity(on));
                Target::Unknown
            }
        }
    }

    fn declare_relation(&mut self, declaration: &ast::RelationDeclaration<'_>) {
        let name = declaration.name;
        let types: Vec<Option<Type>> =
            declaration.fields.iter().map(|field| self.field_type(field.type_name)).collect();
        if let Some(&first) = self.names.relations.get(name.text) {
            return self.dispute_relation(declaration, first, &types);
        }
        self.check_field_names(declaration);
        let sentence = self.relation_sentence(declaration);
        let id = RelationId(self.program.relations.len() as u32);
        let fields = declaration.fields.iter().zip(&types).map(|(field, ty)| Field {
            name: field.name.text.to_string(),
            // A type with a mistake: any stands in, since no program will come of it.
            ty: ty.unwrap_or(Type::Resource),
        });
        let relation = Relation {
            name: name.text.to_string(),
            kind: declaration.kind,
            fields: fields.collect(),
            sentence,
            aggregate: None,
            span: name.span,
        };
        let about_requests = vocabulary::is_about_requests(&relation);
        self.program.relations.push(relation);
        self.program.facts.push(StatedFacts::default());
        self.names.relations.insert(name.text.to_string(), id);
        self.names.places.push(Places { pair: pair(&types, about_requests), types, disputed: false });
    }

    fn field_type(&mut self, name: Name<'_>) -> Option<Type> {
        match self.names.types.get(name.text) {
            Some(known) => *known,
            None => {
                self.report_unknown(name.text, |checker| checker.unknown_type(name));
                None
            }
        }
    }

    fn check_field_names(&mut self, declaration: &ast::RelationDeclaration<'_>) {
        let mut first: FxHashMap<&str, Span> = FxHashMap::default();
        for field in &declaration.fields {
            match first.get(field.name.text) {
                Some(span) => self.report(duplicate_field(field, declaration.name, *span)),
                None => {
                    first.insert(field.name.text, field.name.span);
                }
            }
        }
    }

    fn dispute_relation(
        &mut self,
        declaration: &ast::RelationDeclaration<'_>,
        first: RelationId,
        types: &[Option<Type>],
    ) {
        let known = self.program.relation(first);
        let fields = known.fields.iter().map(|field| field.name.as_str());
        let same = known.kind == declaration.kind
            && self.names.places(first).types == types
            && fields.eq(declaration.fields.iter().map(|field| field.name.text));
        let (word, span) = (kind_word(known.kind), known.span);
        // Of the same fields but another kind the uses stay checkable, but which of them are right does not.
        self.names.places[first.index()].disputed |= !same;
        self.report_redeclared(kind_word(declaration.kind), declaration.name, word, span, same);
    }

    fn report_redeclared(&mut self, word: &str, name: Name<'_>, first_word: &str, first: Span, same: bool) {
        let built_in = self.sources.get(first.source).origin == Origin::BuiltIn;
        self.report(redeclared(word, name, first_word, first, same, built_in));
    }

    /// A type that nothing declares.
    fn unknown_type(&self, name: Name<'_>) -> Diagnostic {
        let mistake = Diagnostic::error(Code::UnknownType, format!("unknown type `{}`", name.text))
            .at(name.span, "no entity, no enum and no built-in type");
        let nearest = suggest::nearest(name.text, self.names.types.keys().map(String::as_str));
        let mistake = match suggest::type_known_elsewhere(name.text) {
            Some(ty) => mistake.replace(format!("write `{ty}`"), name.span, ty),
            None if nearest.is_empty() => mistake.help(format!("declare it, as in `entity {};`", name.text)),
            None => suggested(mistake, name.span, name.text, &nearest),
        };
        mistake.note("a field holds `text`, `int`, an `action`, a `resource`, an entity or a member of an enum")
    }

    /// An entity that nothing declares.
    pub(super) fn unknown_entity(&self, name: Name<'_>) -> Diagnostic {
        let label = match self.names.types.get(name.text) {
            Some(Some(Type::Enum(_))) => "an enum, not an entity",
            Some(Some(_)) => "a built-in type, not an entity",
            Some(None) | None => "not declared",
        };
        let mistake =
            Diagnostic::error(Code::UnknownEntity, format!("unknown entity `{}`", name.text)).at(name.span, label);
        suggested(
            mistake,
            name.span,
            name.text,
            &suggest::nearest(name.text, self.program.entities.iter().map(|entity| entity.name.as_str())),
        )
    }
}

/// Adds a did-you-mean, where there are near names to the one that is wanted.
pub(super) fn suggested(mistake: Diagnostic, span: Span, wanted: &str, nearest: &[&str]) -> Diagnostic {
    match nearest {
        [] => mistake,
        [name] if suggest::is_same(wanted, name) => mistake.fix(suggest::did_you_mean(nearest), span, *name),
        // Near as it is, another one may be meant, and what may be done hangs on it.
        [name] => mistake.replace(suggest::did_you_mean(nearest), span, *name),
        // Of several none is certain enough to type.
        _ => mistake.help(suggest::did_you_mean(nearest)),
    }
}

/// The word that declares a kind.
pub(super) fn kind_word(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::Input => "input",
        RelationKind::Relation => "relation",
        RelationKind::Decision => "decision",
    }
}

fn redeclared(word: &str, name: Name<'_>, first_word: &str, first: Span, same: bool, built_in: bool) -> Diagnostic {
    let article = if word.starts_with(['a', 'e', 'i']) { "an" } else { "a" };
    let message = if word == first_word {
        format!("the {word} `{}` is declared twice", name.text)
    } else {
        format!(
            "`{}` is declared as {article} {word}, but it is already a{} {first_word}",
            name.text,
            if first_word.starts_with(['a', 'e', 'i']) { "n" } else { "" }
        )
    };
    let place = if built_in { "first declared here, in the built-in policy" } else { "first declared here" };
    let mistake = Diagnostic::error(Code::ConflictingDeclarations, message)
        .at(name.span, "declared again here")
        .label(first, place);
    match (same, built_in) {
        (true, _) => mistake.help("remove this declaration: the first one says the same"),
        (false, true) => mistake.help("choose another name: the built-in policy has this one"),
        (false, false) => mistake.help("rename one of them, or keep only one"),
    }
}

fn redeclared_built_in(name: Name<'_>, word: &str) -> Diagnostic {
    Diagnostic::error(
        Code::ConflictingDeclarations,
        format!("`{}` can't be declared as an {word}: it is a built-in type", name.text),
    )
    .at(name.span, "a type of the language")
    .note("`text`, `int`, `action` and `resource` are built in")
    .help("choose another name")
}

fn duplicate_member(member: Name<'_>, of: Name<'_>, first: Span) -> Diagnostic {
    Diagnostic::error(
        Code::ConflictingDeclarations,
        format!("`{}` stands twice in the enum `{}`", member.text, of.text),
    )
    .at(member.span, "again here")
    .label(first, "first here")
    .help("remove one of them")
}

fn duplicate_field(field: &ast::FieldDeclaration<'_>, of: Name<'_>, first: Span) -> Diagnostic {
    let (name, ty) = (field.name.text, field.type_name.text);
    Diagnostic::error(Code::ConflictingDeclarations, format!("two fields of `{}` are called `{name}`", of.text))
        .at(field.name.span, "again here")
        .label(first, "first here")
        .help(format!("give each field a name of its own, as in `other_{name}: {ty}`"))
}
