use super::{Apps, Model, Models, Owner, RelationKind, collect};
use crate::hierarchy::Hierarchy;
use crate::trees::Tree;

fn models(files: &[(&str, &str)]) -> Models {
    let tree = Tree::of(files);
    let apps = Apps::new(&tree.settings, &tree.program, "".into());
    let hierarchy = Hierarchy::new(&tree.program);
    collect(&tree.program, &hierarchy, &tree.modules(), &apps, &tree.settings)
}

fn model<'m>(models: &'m Models, app: &str, name: &str) -> &'m Model {
    models.labelled(app, name).unwrap_or_else(|| panic!("no {app}.{name}"))
}

/// `order__customer (user)` for each way, shortest first.
fn ways(model: &Model) -> Vec<String> {
    model
        .owners
        .iter()
        .map(|path| {
            let who = if path.who == Owner::User { "user" } else { "tenant" };
            format!("{} ({who}, {:?})", path.lookup(), path.strength)
        })
        .collect()
}

const SETTINGS: (&str, &str) = (
    "settings.py",
    "INSTALLED_APPS = ['accounts', 'orders.apps.OrdersConfig']\nAUTH_USER_MODEL = 'accounts.User'\n",
);
const ACCOUNTS: (&str, &str) = (
    "accounts/models.py",
    "from django.contrib.auth.models import AbstractUser\n\nclass User(AbstractUser):\n    phone = models.CharField(max_length=20)\n",
);
const APPS: (&str, &str) = (
    "orders/apps.py",
    "from django.apps import AppConfig\n\nclass OrdersConfig(AppConfig):\n    name = 'orders'\n    label = 'sales'\n",
);

#[test]
fn rows_belong_to_whom_their_relations_lead() {
    let found = models(&[
        SETTINGS,
        ACCOUNTS,
        APPS,
        (
            "orders/models.py",
            "from django.conf import settings\nfrom django.contrib.auth import get_user_model\nfrom django.db import models\n\nUser = get_user_model()\n\n\nclass Order(models.Model):\n    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)\n\n\nclass Line(models.Model):\n    order = models.ForeignKey('Order', on_delete=models.CASCADE, related_name='lines')\n    product = models.ForeignKey('sales.Product', on_delete=models.PROTECT)\n\n\nclass Product(models.Model):\n    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)\n    name = models.CharField(max_length=50)\n\n\nclass Country(models.Model):\n    code = models.CharField(max_length=2, primary_key=True)\n",
        ),
    ]);
    assert_eq!(ways(model(&found, "sales", "Order")), ["customer (user, Owner)"]);
    let line = model(&found, "sales", "Line");
    assert_eq!(ways(line), ["order__customer (user, Owner)", "product__created_by (user, Trace)"]);
    assert_eq!(line.owner().map(super::OwnerPath::lookup).as_deref(), Some("order__customer"));
    // Who has entered a product does not own it.
    assert_eq!(ways(model(&found, "sales", "Product")), ["created_by (user, Trace)"]);
    assert!(model(&found, "sales", "Country").owners.is_empty());
    // The user owns their own account.
    assert_eq!(ways(model(&found, "accounts", "User")), [" (user, Owner)"]);
}

#[test]
fn an_organisation_with_members_and_data_of_its_own_is_a_tenant() {
    let found = models(&[
        SETTINGS,
        ACCOUNTS,
        APPS,
        (
            "orders/models.py",
            "from django.conf import settings\nfrom django.db import models\n\nclass Team(models.Model):\n    members = models.ManyToManyField(settings.AUTH_USER_MODEL)\n\nclass Board(models.Model):\n    team = models.ForeignKey(Team, on_delete=models.CASCADE)\n\nclass Card(models.Model):\n    board = models.ForeignKey(Board, on_delete=models.CASCADE)\n\nclass Tag(models.Model):\n    name = models.CharField(max_length=9)\n    fans = models.ManyToManyField(settings.AUTH_USER_MODEL)\n",
        ),
    ]);
    assert_eq!(ways(model(&found, "sales", "Card")), ["board__team (tenant, Member)"]);
    assert_eq!(ways(model(&found, "sales", "Tag")), ["fans (user, Member)"], "fans are no members");
}

#[test]
fn what_a_user_or_their_profile_points_at_is_a_tenant_if_it_is_one_by_name() {
    let of_users = (
        "accounts/models.py",
        "from django.contrib.auth.models import AbstractUser\nfrom django.db import models\n\nclass User(AbstractUser):\n    firm = models.ForeignKey('sales.Firm', on_delete=models.CASCADE)\n    country = models.ForeignKey('sales.Country', on_delete=models.CASCADE)\n\nclass Profile(models.Model):\n    user = models.OneToOneField(User, on_delete=models.CASCADE)\n    club = models.ForeignKey('sales.Club', null=True, on_delete=models.CASCADE)\n",
    );
    let data = (
        "orders/models.py",
        "from django.db import models\n\nclass Firm(models.Model):\n    name = models.CharField(max_length=9)\n\nclass Club(models.Model):\n    name = models.CharField(max_length=9)\n\nclass Country(models.Model):\n    name = models.CharField(max_length=9)\n\nclass Van(models.Model):\n    firm = models.ForeignKey(Firm, on_delete=models.CASCADE)\n\nclass Trip(models.Model):\n    van = models.ForeignKey(Van, on_delete=models.CASCADE)\n\nclass Match(models.Model):\n    club = models.ForeignKey(Club, on_delete=models.CASCADE)\n\nclass Town(models.Model):\n    country = models.ForeignKey(Country, on_delete=models.CASCADE)\n",
    );
    let found = models(&[SETTINGS, of_users, APPS, data]);
    assert_eq!(ways(model(&found, "sales", "Trip")), ["van__firm (tenant, Member)"]);
    assert_eq!(ways(model(&found, "sales", "Match")), ["club (tenant, Member)"]);
    assert!(model(&found, "sales", "Town").owners.is_empty(), "a country has no staff");
}

#[test]
fn abstract_bases_give_their_fields_and_the_nearest_counts() {
    let found = models(&[
        ("settings.py", "INSTALLED_APPS = ['shop']\n"),
        (
            "shop/base.py",
            "from django.contrib.auth.models import User\nfrom django.db import models\n\nclass Owned(models.Model):\n    owner = models.ForeignKey(User, on_delete=models.CASCADE)\n    note = models.TextField(editable=False)\n\n    class Meta:\n        abstract = True\n",
        ),
        (
            "shop/models.py",
            "from django.db import models\nfrom .base import Owned\n\nclass Note(Owned):\n    note = models.CharField(max_length=5, unique=True)\n    peers = models.ManyToManyField('self', through='shop.Peer')\n\nclass Peer(models.Model):\n    note = models.OneToOneField(Note, on_delete=models.CASCADE, primary_key=True)\n\nclass Helper:\n    name = models.CharField()\n",
        ),
    ]);
    let note = model(&found, "shop", "Note");
    let fields: Vec<_> = note.fields.iter().map(|field| (&*field.name, &*field.kind)).collect();
    assert_eq!(
        fields,
        [("note", "CharField"), ("peers", "ManyToManyField"), ("owner", "ForeignKey")]
    );
    assert!(note.fields[0].unique && !note.fields[0].uneditable);
    let peers = note.fields[1].relation.as_ref().unwrap();
    assert_eq!((peers.kind, &peers.to), (RelationKind::ManyToMany, &note.class));
    assert!(peers.through.is_some());
    assert!(model(&found, "shop", "Owned").is_abstract);
    assert!(found.labelled("shop", "Helper").is_none(), "a plain class is no model");
    assert_eq!(found.field(&note.class, "owner_id").map(|field| &*field.name), Some("owner"));
    assert_eq!(ways(model(&found, "shop", "Peer")), ["note__owner (user, Owner)"]);
}

#[test]
fn relations_that_go_round_end() {
    let found = models(&[
        ("settings.py", "INSTALLED_APPS = ['shop']\n"),
        (
            "shop/models.py",
            "from django.db import models\n\nclass A(models.Model):\n    b = models.ForeignKey('B', on_delete=models.CASCADE)\n\nclass B(models.Model):\n    a = models.ForeignKey('A', on_delete=models.CASCADE)\n    gone = models.ForeignKey(somewhere(), on_delete=models.CASCADE)\n",
        ),
    ]);
    assert!(model(&found, "shop", "A").owners.is_empty());
}

#[test]
fn models_of_packages_bring_their_fields() {
    let found = models(&[SETTINGS, ACCOUNTS]);
    let user = model(&found, "accounts", "User");
    let names: Vec<_> = user.fields.iter().map(|field| &*field.name).collect();
    for wanted in ["phone", "password", "is_staff", "is_superuser", "groups", "email"] {
        assert!(names.contains(&wanted), "{wanted} is missing in {names:?}");
    }
    let groups = user.fields.iter().find(|field| &*field.name == "groups").unwrap();
    assert_eq!(groups.relation.as_ref().map(|r| r.kind), Some(RelationKind::ManyToMany));
}

#[test]
fn what_the_site_decides_about_a_row_is_sensitive() {
    let found = models(&[
        SETTINGS,
        ACCOUNTS,
        APPS,
        (
            "orders/models.py",
            "from django.conf import settings\nfrom django.db import models\n\nclass Order(models.Model):\n    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)\n    status = models.CharField(max_length=9)\n    total = models.DecimalField()\n    is_paid = models.BooleanField()\n\nclass Task(models.Model):\n    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)\n    status = models.CharField(max_length=9)\n    price = models.DecimalField()\n    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, limit_choices_to={'is_staff': True})\n",
        ),
    ]);
    let names = |name: &str| -> Vec<String> {
        let model = model(&found, "sales", name);
        let all = found.sensitive(&model.class);
        all.iter().map(|field| format!("{} {:?}", field.name, field.why)).collect()
    };
    assert_eq!(names("Order"), ["customer Owner", "status State", "total Price", "is_paid State"]);
    // Whoever has a task says how far it is, and what it costs.
    assert_eq!(names("Task"), ["owner Owner"]);
    let limited =
        |field: &str| found.field(&model(&found, "sales", "Task").class, field).map(|f| f.limited);
    assert_eq!((limited("reviewer"), limited("owner")), (Some(true), Some(false)));
}

#[test]
fn a_default_is_guessed_by_what_is_left_of_its_randomness() {
    let defaults = [
        ("uuid.uuid4().hex", true),
        ("uuid.uuid4().hex[:20]", true),
        ("str(uuid.uuid4())[2:30]", true),
        ("uuid.uuid4().hex[-17:]", true),
        ("'a-%s' % uuid.uuid4()", true),
        ("secrets.token_hex(8)", true),
        ("secrets.token_urlsafe()", true),
        ("secrets.token_bytes(16).hex()", true),
        ("get_random_string(12)", true),
        ("get_random_string(40, '0123456789')", true),
        // The same, cut short, or of few characters.
        ("uuid.uuid4().hex[20:24]", false),
        ("uuid.uuid4().hex[20:]", false),
        ("uuid.uuid4().hex[:-20]", false),
        ("secrets.token_hex(4)", false),
        ("secrets.token_urlsafe(4)", false),
        ("get_random_string(8)", false),
        ("get_random_string(16, '0123456789')", false),
        ("get_random_string(LENGTH)", false),
        ("secrets.token_hex(64)[4:8]", false),
    ];
    let mut source = String::from(
        "import secrets, uuid\nfrom django.db import models\nfrom django.utils.crypto import get_random_string\nfrom .limits import LENGTH\n",
    );
    let makers = defaults.iter().enumerate();
    let makers: Vec<String> =
        makers.map(|(n, (value, _))| format!("def make{n}():\n    return {value}\n")).collect();
    let fields: Vec<String> = (0..defaults.len())
        .map(|n| format!("    key{n} = models.CharField(max_length=90, default=make{n})\n"))
        .collect();
    source.push_str(&makers.concat());
    source.push_str("class Key(models.Model):\n");
    source.push_str(&fields.concat());
    let found = models(&[SETTINGS, ACCOUNTS, APPS, ("orders/models.py", &source)]);
    let key = model(&found, "sales", "Key");
    for (n, (value, secret)) in defaults.iter().enumerate() {
        let field = key.fields.iter().find(|field| *field.name == *format!("key{n}"));
        let field = field.unwrap_or_else(|| panic!("no key{n}"));
        assert_eq!(field.unguessable, *secret, "{value}");
    }
}

#[test]
fn what_save_puts_there_is_guessed_by_its_randomness() {
    let source = r"
from secrets import token_urlsafe
from django.db import models
from django.utils.crypto import get_random_string

def new_key():
    return get_random_string(length=12)

class Keyed(models.Model):
    id = models.CharField(max_length=12, primary_key=True)
    token = models.CharField(max_length=60, unique=True)
    number = models.CharField(max_length=6)
    named = models.CharField(max_length=60)
    left = models.CharField(max_length=60)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self.id:
            self.id = new_key()
        if not self.token:
            token = token_urlsafe()
            self.token = token
        self.number = get_random_string(6)
        self.named = token_urlsafe()
        if self.pk:
            self.named = self.title.lower()
        other.left = token_urlsafe()
        super().save(*args, **kwargs)

class Key(Keyed):
    title = models.CharField(max_length=60)
";
    let found = models(&[SETTINGS, ACCOUNTS, APPS, ("orders/models.py", source)]);
    let key = model(&found, "sales", "Key");
    for (name, secret) in
        [("id", true), ("token", true), ("number", false), ("named", false), ("left", false)]
    {
        let field = key.fields.iter().find(|field| *field.name == *name);
        let field = field.unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(field.unguessable, secret, "{name}");
    }
}
