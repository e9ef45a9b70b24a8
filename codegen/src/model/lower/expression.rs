//! Gives JMESPath types: each name is resolved to a member, so that a client can evaluate it by member access.
//!
//! What cannot be evaluated so is refused with its reason: a name that no member has, a comparison of different types, a
//! structure as a condition, a function that no published model uses.

use serde_json::Value;

use super::Lowering;
use super::expression_parts::{
    Lowered, each, element, elements, has_truth, is_empty_list, literal, same, values, widened,
};
use crate::jmespath::{Comparator, Node};
use crate::model::{
    Constraints, Definition, Expression, ExpressionKind, MemberId, Operation, Path, Step, TextPart,
    Type, TypeKind, ValueType, Xml,
};

/// Two operands of one type.
type Pair = (Expression, Expression);

impl Lowering<'_> {
    /// An expression that is applied to a value of this type. Its result is as simple as its type permits.
    pub(super) fn expression(&self, node: &Node, current: &ValueType) -> Lowered {
        let lowered = match node {
            Node::Current => Ok(Expression::current(current.clone())),
            Node::Member(name) => self.member(Expression::current(current.clone()), name),
            Node::Element(index) => element(Expression::current(current.clone()), *index),
            Node::Then(first, second) => {
                let first = self.place(first, current)?;
                self.then(first, second)
            }
            Node::Each {
                list,
                condition,
                body,
            } => self.each(list, condition.as_deref(), body, current),
            Node::Flatten(list) => self.flatten(list, current),
            Node::Values(map) => values(self.place(map, current)?),
            Node::Or(one, two) => self.choice(one, two, current, ExpressionKind::Or),
            Node::And(one, two) => self.choice(one, two, current, ExpressionKind::And),
            Node::Not(node) => {
                let condition = Box::new(self.condition(node, current)?);
                Ok(Expression::boolean(ExpressionKind::Not(condition)))
            }
            Node::Compare(comparator, one, two) => self.compare(*comparator, one, two, current),
            Node::Literal(value) => literal(value),
            Node::List(nodes) => self.list(nodes, current),
            Node::Call(name, arguments) => self.call(name, arguments, current),
        };
        Ok(self.simple(lowered?))
    }

    /// An expression that is applied to the response of an operation.
    pub(super) fn response_expression(&self, operation: &Operation, node: &Node) -> Lowered {
        let response = Type {
            kind: TypeKind::Named(operation.response),
            shape: operation.id.clone(),
            constraints: Constraints::default(),
            sensitive: false,
            xml: Xml::default(),
        };
        self.expression(node, &ValueType::Value(Box::new(response)))
    }

    /// The same for a value that more follows: a reference to it.
    fn place(&self, node: &Node, current: &ValueType) -> Lowered {
        match self.expression(node, current)? {
            Expression {
                kind: ExpressionKind::Simple(inner),
                ..
            } => Ok(*inner),
            other => Ok(other),
        }
    }

    /// What follows a value.
    fn then(&self, first: Expression, second: &Node) -> Lowered {
        match second {
            Node::Current => Ok(first),
            Node::Member(name) => self.member(first, name),
            Node::Element(index) => element(first, *index),
            second => {
                let second = self.expression(second, &first.ty)?;
                let ty = second.ty.clone();
                let kind = ExpressionKind::Then(Box::new(first), Box::new(second));
                Ok(Expression::new(kind, ty))
            }
        }
    }

    fn member(&self, of: Expression, name: &str) -> Lowered {
        let unfit = || format!("`{name}` follows a value without members");
        let ValueType::Value(ty) = &of.ty else {
            return Err(unfit());
        };
        match &ty.kind {
            TypeKind::Named(id) => {
                let definition = &self.service.types[id.0];
                let Definition::Structure(_) = &definition.definition else {
                    return Err(format!("`{name}` follows `{}`", definition.id));
                };
                let Some((index, member)) = definition.member(name) else {
                    return Err(format!("`{}` has no member `{name}`", definition.id));
                };
                let step = Step {
                    member: MemberId { owner: *id, index },
                    each: false,
                };
                let ty = ValueType::Value(Box::new(member.ty.clone()));
                Ok(match of.kind {
                    ExpressionKind::Members(mut path) => {
                        path.0.push(step);
                        Expression::new(ExpressionKind::Members(path), ty)
                    }
                    _ => {
                        let path = ExpressionKind::Members(Path(vec![step]));
                        let second = Expression::new(path, ty.clone());
                        let kind = ExpressionKind::Then(Box::new(of), Box::new(second));
                        Expression::new(kind, ty)
                    }
                })
            }
            TypeKind::Map {
                key,
                value,
                sparse: false,
            } if matches!(key.kind, TypeKind::String { .. }) => {
                let ty = ValueType::Value(value.clone());
                let kind = ExpressionKind::Entry(Box::new(of), name.to_owned());
                Ok(Expression::new(kind, ty))
            }
            _ => Err(unfit()),
        }
    }

    fn each(
        &self,
        list: &Node,
        condition: Option<&Node>,
        body: &Node,
        current: &ValueType,
    ) -> Lowered {
        let list = self.place(list, current)?;
        let element = elements(&list.ty)?;
        let inner = match &element {
            ValueType::Nullable(inner) => inner,
            element => element,
        };
        let condition = match condition {
            None => None,
            Some(_) if matches!(inner, ValueType::List(_)) => {
                return Err("lists of results cannot be filtered".to_owned());
            }
            Some(condition) => Some(Box::new(self.condition(condition, inner)?)),
        };
        if condition.is_none() && matches!(body, Node::Current) && element == *inner {
            return Ok(list);
        }
        let body = self.expression(body, inner)?;
        Ok(each(list, condition, body))
    }

    fn flatten(&self, list: &Node, current: &ValueType) -> Lowered {
        let list = self.place(list, current)?;
        match elements(&elements(&list.ty)?) {
            Ok(inner) => {
                let ty = ValueType::List(Box::new(inner));
                Ok(Expression::new(ExpressionKind::Flatten(Box::new(list)), ty))
            }
            // There are no lists in it.
            Err(_) => Ok(list),
        }
    }

    /// An expression as a condition: whether it counts as true.
    fn condition(&self, node: &Node, current: &ValueType) -> Lowered {
        let of = |one, two| -> std::result::Result<(Box<Expression>, Box<Expression>), String> {
            let (one, two) = (self.condition(one, current)?, self.condition(two, current)?);
            Ok((Box::new(one), Box::new(two)))
        };
        let kind = match node {
            Node::Or(one, two) => {
                let (one, two) = of(one, two)?;
                ExpressionKind::Or(one, two)
            }
            Node::And(one, two) => {
                let (one, two) = of(one, two)?;
                ExpressionKind::And(one, two)
            }
            node => {
                let value = self.expression(node, current)?;
                has_truth(&value.ty)?;
                if value.ty == ValueType::Boolean {
                    return Ok(value);
                }
                ExpressionKind::Truth(Box::new(value))
            }
        };
        Ok(Expression::boolean(kind))
    }

    /// `||` and `&&`, whose result is one of both.
    fn choice(
        &self,
        one: &Node,
        two: &Node,
        current: &ValueType,
        kind: fn(Box<Expression>, Box<Expression>) -> ExpressionKind,
    ) -> Lowered {
        let (one, two) = self.pair(one, two, current)?;
        has_truth(&one.ty)?;
        let ty = one.ty.clone();
        Ok(Expression::new(kind(Box::new(one), Box::new(two)), ty))
    }

    /// Two operands, in one type.
    fn pair(
        &self,
        one: &Node,
        two: &Node,
        current: &ValueType,
    ) -> std::result::Result<Pair, String> {
        // An empty list is one of the other operand's type.
        let lists = |list: &Node| -> std::result::Result<Pair, String> {
            let list = self.expression(list, current)?;
            let list = self.as_list(list)?;
            let empty = ExpressionKind::List(Vec::new());
            let empty = Expression::new(empty, list.ty.clone());
            Ok((list, empty))
        };
        if is_empty_list(two) {
            return lists(one);
        }
        if is_empty_list(one) {
            let (list, empty) = lists(two)?;
            return Ok((empty, list));
        }
        let (one, two) = (
            self.expression(one, current)?,
            self.expression(two, current)?,
        );
        match (&one.ty, &two.ty) {
            (one_type, two_type) if same(one_type, two_type) => Ok((one, two)),
            (ValueType::Integer, ValueType::Real) => Ok((widened(one), two)),
            (ValueType::Real, ValueType::Integer) => Ok((one, widened(two))),
            (ValueType::List(_), ValueType::Value(_)) => Ok((one, self.as_list(two)?)),
            (ValueType::Value(_), ValueType::List(_)) => Ok((self.as_list(one)?, two)),
            _ => Err("its operands are of different types".to_owned()),
        }
    }

    /// A list as a list of results.
    fn as_list(&self, list: Expression) -> Lowered {
        let element = elements(&list.ty)?;
        let body = self.simple(Expression::current(element));
        Ok(match (&list.ty, body.is_current()) {
            (ValueType::List(_), true) => list,
            _ => each(list, None, body),
        })
    }

    fn compare(
        &self,
        comparator: Comparator,
        one: &Node,
        two: &Node,
        current: &ValueType,
    ) -> Lowered {
        let is_equality = matches!(comparator, Comparator::Equal | Comparator::NotEqual);
        let null = Node::Literal(Value::Null);
        let compared = if is_equality && (*one == null || *two == null) {
            let value = if *one == null { two } else { one };
            let value = self.place(value, current)?;
            let is_null = Expression::boolean(ExpressionKind::IsNull(Box::new(value)));
            match comparator {
                Comparator::Equal => return Ok(is_null),
                _ => ExpressionKind::Not(Box::new(is_null)),
            }
        } else {
            let (one, two) = self.pair(one, two, current)?;
            match &one.ty {
                ValueType::Integer | ValueType::Real | ValueType::Text => {}
                ValueType::Boolean if is_equality => {}
                _ => return Err("only simple values can be compared".to_owned()),
            }
            ExpressionKind::Compare(comparator, Box::new(one), Box::new(two))
        };
        Ok(Expression::boolean(compared))
    }

    fn list(&self, nodes: &[Node], current: &ValueType) -> Lowered {
        let all = nodes.iter().map(|node| self.expression(node, current));
        let all = all.collect::<std::result::Result<Vec<_>, _>>()?;
        let first = all.first().map(|first| first.ty.clone());
        let first = first.ok_or("a list of no expressions has no type")?;
        if !all.iter().all(|one| same(&one.ty, &first)) {
            return Err("a list holds results of different types".to_owned());
        }
        let ty = ValueType::List(Box::new(ValueType::Nullable(Box::new(first))));
        Ok(Expression::new(ExpressionKind::List(all), ty))
    }

    fn call(&self, name: &str, arguments: &[Node], current: &ValueType) -> Lowered {
        let unfit = || format!("`{name}` cannot be applied to that");
        match (name, arguments) {
            ("length", [value]) => {
                let value = self.expression(value, current)?;
                let fits = match &value.ty {
                    ValueType::Text | ValueType::List(_) => true,
                    ValueType::Value(ty) => {
                        matches!(ty.kind, TypeKind::List { .. } | TypeKind::Map { .. })
                    }
                    _ => false,
                };
                let kind = ExpressionKind::Length(Box::new(value));
                let length = Expression::new(kind, ValueType::Integer);
                fits.then_some(length).ok_or_else(unfit)
            }
            ("keys", [map]) => {
                let map = self.expression(map, current)?;
                let is_map = matches!(&map.ty, ValueType::Value(ty) if matches!(ty.kind, TypeKind::Map { .. }));
                let ty = ValueType::List(Box::new(ValueType::Text));
                let keys = Expression::new(ExpressionKind::Keys(Box::new(map)), ty);
                is_map.then_some(keys).ok_or_else(unfit)
            }
            ("contains" | "starts_with" | "ends_with", [whole, part]) => {
                let whole = self.expression(whole, current)?;
                let part = Box::new(self.expression(part, current)?);
                let place = match name {
                    "contains" => TextPart::Anywhere,
                    "starts_with" => TextPart::Start,
                    _ => TextPart::End,
                };
                if whole.ty == ValueType::Text && part.ty == ValueType::Text {
                    let kind = ExpressionKind::ContainsText(place, Box::new(whole), part);
                    return Ok(Expression::boolean(kind));
                }
                let list = self.as_list(whole).map_err(|_| unfit())?;
                let fits = matches!(&list.ty, ValueType::List(element) if **element == part.ty)
                    && !matches!(part.ty, ValueType::Value(_))
                    && place == TextPart::Anywhere;
                let kind = ExpressionKind::Contains(Box::new(list), part);
                fits.then_some(Expression::boolean(kind)).ok_or_else(unfit)
            }
            ("length" | "keys" | "contains" | "starts_with" | "ends_with", _) => {
                Err(format!("`{name}` has another number of arguments"))
            }
            _ => Err(format!("the function `{name}` is not supported")),
        }
    }

    /// A value of the model as such, if it is a Boolean, a number or a string.
    fn simple(&self, value: Expression) -> Expression {
        let ValueType::Value(ty) = &value.ty else {
            return value;
        };
        let simple = match &ty.kind {
            TypeKind::Boolean => ValueType::Boolean,
            TypeKind::Byte | TypeKind::Short | TypeKind::Integer | TypeKind::Long => {
                ValueType::Integer
            }
            TypeKind::Float | TypeKind::Double => ValueType::Real,
            _ if self.is_text(ty) => ValueType::Text,
            _ => return value,
        };
        Expression::new(ExpressionKind::Simple(Box::new(value)), simple)
    }
}
