//! Parts of typed expressions, and what their types permit.

use serde_json::Value;

use crate::jmespath::Node;
use crate::model::{Expression, ExpressionKind, Path, Type, TypeKind, ValueType};

pub(super) type Lowered = std::result::Result<Expression, String>;

impl Expression {
    pub(super) fn new(kind: ExpressionKind, ty: ValueType) -> Self {
        Self { kind, ty }
    }

    pub(super) fn current(ty: ValueType) -> Self {
        Self::new(ExpressionKind::Members(Path(Vec::new())), ty)
    }

    pub(super) fn is_current(&self) -> bool {
        matches!(&self.kind, ExpressionKind::Members(path) if path.0.is_empty())
    }

    pub(super) fn boolean(kind: ExpressionKind) -> Self {
        Self::new(kind, ValueType::Boolean)
    }
}

pub(super) fn each(
    list: Expression,
    condition: Option<Box<Expression>>,
    body: Expression,
) -> Expression {
    let ty = ValueType::List(Box::new(body.ty.clone()));
    let kind = ExpressionKind::Each {
        list: Box::new(list),
        condition,
        body: Box::new(body),
    };
    Expression::new(kind, ty)
}

pub(super) fn element(list: Expression, index: i64) -> Lowered {
    let ty = match elements(&list.ty)? {
        ValueType::Nullable(_) => {
            return Err("an element of a list of expressions is not supported".to_owned());
        }
        ty => ty,
    };
    let kind = ExpressionKind::Element(Box::new(list), index);
    Ok(Expression::new(kind, ty))
}

pub(super) fn values(map: Expression) -> Lowered {
    let value = match &map.ty {
        ValueType::Value(ty) => match &ty.kind {
            TypeKind::Map {
                value,
                sparse: false,
                ..
            } => Some(value.clone()),
            _ => None,
        },
        _ => None,
    };
    let value = value.ok_or("`*` follows a value that is no map without nulls")?;
    let ty = ValueType::List(Box::new(ValueType::Value(value)));
    Ok(Expression::new(ExpressionKind::Values(Box::new(map)), ty))
}

pub(super) fn widened(value: Expression) -> Expression {
    Expression::new(ExpressionKind::Widened(Box::new(value)), ValueType::Real)
}

pub(super) fn literal(value: &Value) -> Lowered {
    let (kind, ty) = match value {
        Value::Bool(value) => (ExpressionKind::Boolean(*value), ValueType::Boolean),
        Value::String(text) => (ExpressionKind::Text(text.clone()), ValueType::Text),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => (ExpressionKind::Integer(number), ValueType::Integer),
            (None, Some(number)) => (ExpressionKind::Real(number), ValueType::Real),
            (None, None) => return Err(format!("`{value}` is too large")),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => {
            return Err(format!("the constant `{value}` is not supported here"));
        }
    };
    Ok(Expression::new(kind, ty))
}

pub(super) fn is_empty_list(node: &Node) -> bool {
    matches!(node, Node::Literal(Value::Array(elements)) if elements.is_empty())
}

/// The type of the elements of a list.
pub(super) fn elements(list: &ValueType) -> std::result::Result<ValueType, String> {
    match list {
        ValueType::List(element) => Ok((**element).clone()),
        ValueType::Value(ty) => match &ty.kind {
            TypeKind::List {
                element,
                sparse: false,
            } => Ok(ValueType::Value(element.clone())),
            _ => Err("it is no list without nulls".to_owned()),
        },
        _ => Err("it is no list".to_owned()),
    }
}

/// Whether results of both types are of one Rust type.
pub(super) fn same(one: &ValueType, two: &ValueType) -> bool {
    match (one, two) {
        (ValueType::Value(one), ValueType::Value(two)) => kind(one) == kind(two),
        (ValueType::List(one), ValueType::List(two))
        | (ValueType::Nullable(one), ValueType::Nullable(two)) => same(one, two),
        (one, two) => one == two,
    }
}

fn kind(ty: &Type) -> &TypeKind {
    &ty.kind
}

/// Whether it can be seen if a result counts as true. An object does unless it is empty, which a structure does not show.
pub(super) fn has_truth(ty: &ValueType) -> std::result::Result<(), String> {
    match ty {
        ValueType::Value(ty) => match ty.kind {
            TypeKind::List { .. } | TypeKind::Map { .. } => Ok(()),
            _ => Err("a structure is used as a condition".to_owned()),
        },
        ValueType::Nullable(inner) => has_truth(inner),
        _ => Ok(()),
    }
}
