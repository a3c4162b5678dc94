use djsec_python::QualifiedName;

use super::found;
use crate::routes::Target;

const SCHEMAS: &str = r#"
from typing import Literal, Optional
from ninja import Body, Field, NinjaAPI, PatchDict, Query, Schema
from pydantic import field_validator

api = NinjaAPI()

class Base(Schema):
    customer_id: int

class OrderIn(Base):
    is_paid: Optional[bool] = None
    size: Literal["small", "large"]
    code: str
    hidden: str = Field("", exclude=True)
    short: str = Field("", pattern="^[a-z]+$")

    @field_validator("code")
    @classmethod
    def is_known(cls, value):
        return look_up(value)
"#;

/// A function as a view, or as an operation of Ninja.
pub(super) fn function(function: QualifiedName, kind: &str) -> Target {
    match kind {
        "operation" => Target::Operation { function, methods: vec!["POST".into()], auth: None },
        _ => Target::Function(function),
    }
}

/// `customer_id < body customer_id` for each field that an operation gives what was sent.
fn given(signature: &str, body: &str) -> Vec<String> {
    let views = format!("{SCHEMAS}\ndef view(request, {signature}):\n{body}\n");
    let objects = found(&views, "view operation", &["pk"], None);
    let all = objects.accesses.iter().flat_map(|access| &access.given);
    all.map(|given| format!("{} < {:?}", given.field, given.sent.origin)).collect()
}

fn names(signature: &str, body: &str) -> Vec<String> {
    let given = given(signature, body);
    given.iter().filter_map(|one| Some(one.split_once(' ')?.0.to_owned())).collect()
}

#[test]
fn the_fields_of_a_schema_are_what_was_sent() {
    let put_in = "    Order.objects.create(**payload.dict())";
    assert_eq!(names("payload: OrderIn", put_in), ["customer_id", "is_paid"]);
    for signature in
        ["payload: Body[OrderIn]", "payload: OrderIn | None = None", "payload: PatchDict[OrderIn]"]
    {
        let put_in = if signature.contains("Patch") {
            "    Order.objects.create(**payload)"
        } else {
            put_in
        };
        assert_eq!(names(signature, put_in), ["customer_id", "is_paid"], "{signature}");
    }
    let by_name = "    Order.objects.create(customer_id=payload.customer_id, size=payload.size)";
    assert_eq!(given("payload: OrderIn", by_name), [r#"customer_id < Body(Some("customer_id"))"#]);
    let by_loop = r"
    order = Order.objects.get(pk=pk)
    for name, value in payload.model_dump(exclude_unset=True).items():
        if value is not None:
            setattr(order, name, value)
    order.save()
";
    assert_eq!(names("pk: int, payload: OrderIn", by_loop), ["customer_id", "is_paid"]);
    let plain = "    Order.objects.filter(pk=pk).update(is_paid=paid)";
    assert_eq!(given("pk: int, paid: bool = False", plain), [r#"is_paid < Body(Some("paid"))"#]);
    let query = "    Order.objects.filter(pk=pk).update(is_paid=paid)";
    assert_eq!(
        given("pk: int, paid: bool = Query(False)", query),
        [r#"is_paid < Query(Some("paid"))"#]
    );
}

#[test]
fn what_the_code_puts_there_itself_counts() {
    for body in [
        "    Order.objects.create(**payload.dict(include={'is_paid'}))",
        "    Order.objects.create(**payload.dict(exclude={'customer_id'}))",
        "    Order.objects.create(**{**payload.dict(), 'customer_id': request.user.pk})",
        r"
    data = payload.dict()
    data['customer_id'] = request.user.pk
    Order.objects.create(**data)
",
        r"
    data = payload.dict()
    data.update(customer_id=request.user.pk)
    Order.objects.create(**data)
",
        r"
    data = payload.dict()
    data.pop('customer_id')
    Order.objects.create(customer=request.user, **data)
",
        r"
    order = Order(**payload.dict())
    order.customer = request.user
    order.save()
",
        r"
    order = Order.objects.get(pk=pk)
    for name, value in payload.dict().items():
        setattr(order, name, value)
    order.customer_id = request.user.pk
    order.save()
",
    ] {
        assert_eq!(names("pk: int, payload: OrderIn", body), ["is_paid"], "{body}");
    }
    let chosen = r"
    order = Order.objects.get(pk=pk)
    for name, value in payload.dict().items():
        if name in EDITABLE:
            setattr(order, name, value)
    order.save()
";
    assert!(names("pk: int, payload: OrderIn", chosen).is_empty());
}
