"""Downtime: what does not answer, for whom, and for how long."""

import pytest

from tests.reviewed import changed, reasons, told_of
from vkm_manifests.review import review
from vkm_manifests.verify.rule import examples

DATABASE = """
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  selector: {app: db}
  ports: [{name: sql, port: 5432}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  replicas: 1
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 60
      containers:
      - name: postgres
        image: postgres:18.1
        ports: [{name: sql, containerPort: 5432}]
        startupProbe: {tcpSocket: {port: sql}, periodSeconds: 5, failureThreshold: 60}
        livenessProbe: {tcpSocket: {port: sql}, failureThreshold: 6}
"""
SECRET = """
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: login, namespace: shop}
spec:
  secretStoreRef: {name: store, kind: ClusterSecretStore}
  data:
  - {secretKey: password, remoteRef: {key: shop, property: password}}
  - {secretKey: unused, remoteRef: {key: shop, property: unused}}
"""


def client(name: str) -> str:
    """A Deployment that connects to the database."""
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
      - name: main
        image: example/{name}:1.0.0
        ports: [{{containerPort: 8080}}]
        env:
        - {{name: DB_HOST, value: "db:5432"}}
        - {{name: PASSWORD, valueFrom: {{secretKeyRef: {{name: login, key: password}}}}}}
"""


ROUTE = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  routes:
  - {kind: Rule, match: Host(`shop.example.com`), services: [{name: web, port: 80}]}
"""
OTHER = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: shop}\n"
SHOP = "---".join((DATABASE, SECRET, client("web"), client("worker"), ROUTE))


def downtime(old: str, *replaced: tuple[str, str]) -> dict[str, list[str]]:
    return reasons("downtime", old, changed(old, *replaced))


def test_the_one_pod_of_a_database_is_missing_while_it_is_replaced() -> None:
    assert downtime(SHOP, ("postgres:18.1", "postgres:18.2")) == {
        "shop/StatefulSet/db": [
            "1 pod is replaced, the old before the new: image 18.1 → 18.2; until a new one is ready, db does not "
            "answer, and web and worker wait for it (it has up to 300 s to start)"
        ]
    }


def test_several_pods_of_a_stateful_set_stand_in_for_each_other() -> None:
    assert downtime(SHOP.replace("replicas: 1", "replicas: 3"), ("postgres:18.1", "postgres:18.2")) == {}


@pytest.mark.parametrize(
    ("strategy", "told"),
    [
        ("", False),
        ("{type: Recreate}", True),
        ("{rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}", False),
        ("{rollingUpdate: {maxUnavailable: 100%}}", True),
        # 25% of 2 is none, rounded down; 50% is one of two.
        ("{rollingUpdate: {maxUnavailable: 50%}}", False),
    ],
)
def test_a_deployment_is_missing_where_its_strategy_lets_all_pods_go(strategy: str, told: bool) -> None:
    old = client("web") + f"---{ROUTE}"
    if strategy:
        old = old.replace("replicas: 2", f"replicas: 2\n  strategy: {strategy}")
    assert bool(downtime(old, ("web:1.0.0", "web:1.0.1"))) is told


def test_a_host_is_told_in_place_of_the_workload_behind_it() -> None:
    old = SHOP.replace(
        "metadata: {name: web, namespace: shop}\nspec:\n  replicas: 2",
        "metadata: {name: web, namespace: shop}\nspec:\n  strategy: {type: Recreate}\n  replicas: 2",
    )
    ((reason,),) = downtime(old, ("web:1.0.0", "web:1.0.1")).values()
    assert reason.endswith("until a new one is ready, shop.example.com does not answer")


def test_a_worker_that_nobody_asks_does_not_run_meanwhile() -> None:
    old = client("worker").replace("replicas: 2", "replicas: 2\n  strategy: {type: Recreate}")
    ((reason,),) = downtime(old, ("worker:1.0.0", "worker:1.0.1")).values()
    assert reason.endswith("until a new one is ready, worker does not run")


def test_a_scale_to_none_tells_who_waits() -> None:
    assert downtime(SHOP, ("replicas: 1", "replicas: 0")) == {
        "shop/StatefulSet/db": ["its pod is stopped: db does not answer, and web and worker wait for it"]
    }


def test_a_workload_that_is_gone_tells_who_still_connects() -> None:
    stateful_set = DATABASE.partition("---\n")[2]
    found = downtime(SHOP, (stateful_set, ""))
    assert found["shop/StatefulSet/db"] == ["1 pod is stopped; web and worker still connect to it"]


def test_a_workload_whose_place_another_takes_is_missed_by_nobody() -> None:
    old = client("web") + f"---{ROUTE}"
    assert downtime(old, ("kind: Deployment", "kind: StatefulSet")) == {
        "shop/Deployment/web": ["2 pods are stopped; StatefulSet web takes the place"]
    }


def test_a_workload_that_is_renamed_runs_twice_until_the_old_one_is_deleted() -> None:
    old = client("web") + f"---{ROUTE}"
    name = "kind: Deployment\nmetadata: {name: %s,"
    assert downtime(old, (name % "web", name % "shop")) == {
        "shop/Deployment/shop": ["was web: its pods are made anew; those of the old one run on until it is deleted"]
    }


def test_a_host_does_not_answer_while_a_service_leads_to_pods_that_are_new() -> None:
    old = client("web") + f"---{ROUTE}"
    name = "kind: Deployment\nmetadata: {name: %s,"
    found = downtime(old, (name % "web", name % "shop"), ("app: web", "app: shop"))
    assert found["shop/Deployment/shop"] == [
        "was web: its pods are made anew; until they are ready, shop.example.com does not answer; those of the old one "
        "run on until it is deleted"
    ]


def test_a_workload_in_another_namespace_was_in_the_other() -> None:
    old = client("web") + "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: other, namespace: shop}}"
    found = downtime(old, ("kind: Deployment\nmetadata: {name: web, namespace: shop}", IN_STORE))
    assert found["store/Deployment/web"][0] == (
        "was in namespace shop: its pods are made anew; those of the old one run on until it is deleted"
    )


IN_STORE = "kind: Deployment\nmetadata: {name: web, namespace: store}"
ON_CLAIM = (
    client("web").replace("replicas: 2", "replicas: 1")
    + """\
        volumeMounts: [{name: data, mountPath: /data}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
"""
)


@pytest.mark.parametrize(
    ("old", "replaced", "do"),
    [
        # One pod writes: never two of them at a time.
        (
            ON_CLAIM,
            ("kind: Deployment", "kind: StatefulSet"),
            "scale web to 0 and delete it, then apply: both would use volume data",
        ),
        (
            ON_CLAIM,
            ("metadata: {name: web,", "metadata: {name: shop,"),
            "scale web to 0 and delete it, then apply: both would use volume data",
        ),
        # Several share it already.
        (
            ON_CLAIM.replace("replicas: 1", "replicas: 2"),
            ("metadata: {name: web,", "metadata: {name: shop,"),
            "delete the old one when the new one is ready: kubectl -n shop delete deployment web",
        ),
        # The new one finds nothing of the old one's.
        (
            f"{ON_CLAIM}---\n{OTHER}",
            ("kind: Deployment\nmetadata: {name: web, namespace: shop}", IN_STORE),
            "delete the old one only when its data is where the new one finds it",
        ),
        (
            client("web"),
            (
                "kind: Deployment\nmetadata: {name: web, namespace: shop}",
                "kind: Rollout\nmetadata: {name: web, namespace: shop}",
            ),
            "delete it when the new one is ready: kubectl apply leaves it running",
        ),
    ],
)
def test_the_old_workload_is_deleted_when_no_data_is_at_stake(old: str, replaced: tuple[str, str], do: str) -> None:
    found = [
        concern.do
        for item in review(examples(old), examples(old.replace(*replaced))).objects
        for concern in item.concerns
        if concern.risk == "workload-is-gone"
    ]
    assert found == [do]


SCALED = f"""{client("web")}---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web, namespace: shop}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  minReplicas: 3
  maxReplicas: 6
"""
SCALER = SCALED.partition("---")[2]


@pytest.mark.parametrize(
    ("replaced", "reason"),
    [
        (
            ("  replicas: 2\n", ""),
            "1 pod is left until HorizontalPodAutoscaler web looks again: web does not run while that is too few",
        ),
        (
            ("minReplicas: 3", "minReplicas: 1"),
            "without load, 1 pod is left of 3: while its node is drained or fails, web does not run",
        ),
        (("maxReplicas: 6", "maxReplicas: 3"), "no more than 3 pods under load, instead of 6"),
        ((SCALER, f"\n{OTHER}"), "web has 2 pods under any load, instead of 3 to 6"),
        (("minReplicas: 3", "minReplicas: 2"), None),
        (("replicas: 2", "replicas: 3"), None),
        (("replicas: 2", "replicas: 1"), None),
    ],
)
def test_how_many_pods_an_autoscaler_leaves(replaced: tuple[str, str], reason: str | None) -> None:
    assert [told for reasons in downtime(SCALED, replaced).values() for told in reasons] == ([reason] if reason else [])


def test_an_autoscaler_of_pods_that_are_elsewhere() -> None:
    assert downtime(SCALER, ("maxReplicas: 6", "maxReplicas: 3"))


@pytest.mark.parametrize(("most", "gap"), [("100%", True), ("50%", False), ("1", False)])
def test_a_daemon_set_is_missing_where_all_nodes_are_done_at_once(most: str, gap: bool) -> None:
    old = client("web").replace("kind: Deployment", "kind: DaemonSet")
    old = old.replace("  replicas: 2", f"  updateStrategy: {{rollingUpdate: {{maxUnavailable: {most}}}}}")
    assert bool(downtime(old, ("web:1.0.0", "web:1.0.1"))) is gap


def namespace(level: str) -> str:
    """A Namespace that enforces a level of Pod Security."""
    label = f"pod-security.kubernetes.io/enforce: {level}"
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {{{label}}}}}\n---"


LIMITED = client("web") + "        resources: {limits: {memory: 512Mi}}\n"
LIMITS = """---
apiVersion: v1
kind: LimitRange
metadata: {name: limits, namespace: shop}
spec: {limits: [{type: Container, max: {memory: 1Gi}}]}
"""


@pytest.mark.parametrize(
    ("old", "replaced", "told"),
    [
        (
            namespace("baseline") + client("web"),
            ("baseline", "restricted"),
            {"Namespace/shop": ['Pod Security "restricted" refuses the pods of web when they are made the next time']},
        ),
        # Of what the workload asks for itself, security tells.
        (namespace("baseline") + client("web"), ("    spec:\n", "    spec:\n      hostNetwork: true\n"), {}),
        (namespace("privileged") + client("web"), ("privileged", "baseline"), {}),
        # What is refused already is no news.
        (namespace("restricted") + client("web"), ("restricted", "baseline"), {}),
        (
            LIMITED + LIMITS,
            ("max: {memory: 1Gi}", "max: {memory: 256Mi}"),
            {
                "shop/LimitRange/limits": [
                    "a LimitRange of at most 256Mi memory refuses the pods of web when they are made the next time"
                ]
            },
        ),
        (LIMITED + LIMITS, ("max: {memory: 1Gi}", "max: {memory: 512Mi}"), {}),
        (
            LIMITED + LIMITS,
            ("limits: {memory: 512Mi}", "limits: {memory: 2Gi}"),
            {"shop/Deployment/web": ["a LimitRange of at most 1Gi memory refuses its new pods"]},
        ),
    ],
)
def test_pods_that_are_refused(old: str, replaced: tuple[str, str], told: dict[str, list[str]]) -> None:
    assert downtime(old, replaced) == told


AS_USER = ON_CLAIM.replace("    spec:\n", "    spec:\n      securityContext: {runAsUser: 10, fsGroup: 10}\n")


@pytest.mark.parametrize(
    ("old", "replaced", "told"),
    [
        (
            AS_USER,
            ("runAsUser: 10", "runAsUser: 20"),
            ["main runs as user 20: what it wrote to volume data as 10 is not its own"],
        ),
        (AS_USER, ("fsGroup: 10", "fsGroup: 20"), []),
        (
            AS_USER.replace("persistentVolumeClaim: {claimName: data}", "emptyDir: {}"),
            ("runAsUser: 10", "runAsUser: 20"),
            [],
        ),
        # A container's own user counts before the pod's.
        (
            AS_USER.replace("- name: main", "- name: main\n        securityContext: {runAsUser: 5}"),
            ("runAsUser: 10", "runAsUser: 20"),
            [],
        ),
    ],
)
def test_files_on_a_volume_keep_their_owner(old: str, replaced: tuple[str, str], told: list[str]) -> None:
    assert [reason for reasons in downtime(old, replaced).values() for reason in reasons] == told


WITH_DATA = (
    DATABASE
    + """\
        env: [{name: POSTGRES_PASSWORD_FILE, value: /run/secrets/password}]
        volumeMounts: [{name: login, mountPath: /run/secrets}, {name: data, mountPath: /var/lib/postgresql}]
      volumes: [{name: login, secret: {secretName: login}}]
  volumeClaimTemplates: [{metadata: {name: data}, spec: {resources: {requests: {storage: 1Gi}}}}]
"""
)


@pytest.mark.parametrize(
    ("old", "replaced", "told"),
    [
        (
            "---".join((WITH_DATA, SECRET, client("web"), client("worker"))),
            ("property: password", "property: new"),
            ["password: db keeps the password that it was set up with, and refuses web and worker with another one"],
        ),
        ("---".join((WITH_DATA, SECRET, client("web"))), ("property: unused", "property: new"), []),
        # Without data, it is set up anew.
        ("---".join((WITH_DATA.partition("  volumeClaim")[0], SECRET)), ("property: password", "property: new"), []),
        # Redis takes its password at each start.
        (
            "---".join((WITH_DATA.replace("postgres:18.1", "redis:8.2"), SECRET)),
            ("property: password", "property: new"),
            [],
        ),
        (
            "---".join((WITH_DATA.replace("postgres:18.1", "redis:8.2"), SECRET, client("web"))),
            ("property: password", "property: new"),
            [
                "password: db and web take another one at their own starts: until all of them have restarted, some "
                "are refused"
            ],
        ),
    ],
)
def test_a_database_keeps_the_password_that_it_was_set_up_with(
    old: str, replaced: tuple[str, str], told: list[str]
) -> None:
    assert [reason for reasons in downtime(old, replaced).values() for reason in reasons] == told


@pytest.mark.parametrize(
    ("image", "variable", "key", "told"),
    [
        ("postgres:18.1", "POSTGRES_USER", "login", "login: db keeps the user that it was set up with"),
        ("postgres:18.1", "POSTGRES_DB", "name", "name: db keeps the database that it was set up with"),
        ("mariadb:11.8", "MARIADB_DATABASE", "shop", "shop: db keeps the database that it was set up with"),
        ("mongo:8.2", "MONGO_INITDB_ROOT_USERNAME", "root", "root: db keeps the user that it was set up with"),
        ("rabbitmq:4.2", "RABBITMQ_DEFAULT_PASS", "queue", "queue: db keeps the password that it was set up with"),
        ("grafana/grafana:12.3", "GF_SECURITY_ADMIN_PASSWORD", "a", "a: db keeps the password that it was set up with"),
        # Those it takes at each start.
        ("grafana/grafana:12.3", "GF_SMTP_PASSWORD", "password", None),
        # What is none, and what is no server.
        ("postgres:18.1", "TZ", "zone", None),
        ("example/web:1.0.0", "POSTGRES_USER", "username", None),
    ],
)
@pytest.mark.parametrize("plain", [False, True])
def test_a_server_keeps_what_it_was_set_up_with(
    image: str, variable: str, key: str, told: str | None, plain: bool
) -> None:
    server = WITH_DATA.replace("postgres:18.1", image)
    secret = SECRET.replace("secretKey: password", f"secretKey: {key}")
    source = "value: shop" if plain else f"valueFrom: {{secretKeyRef: {{name: login, key: {key}}}}}"
    old = "---".join((server.replace("env: [", f"env: [{{name: {variable}, {source}}}, "), secret))
    found = told_of(
        "downtime",
        old,
        old.replace(*("value: shop", "value: web") if plain else ("property: password", "property: web")),
    )
    reasons = [reason for _, name, reason in found if name == "server-keeps-its-password"]
    if told and plain:
        told = told.replace(f"{key}:", f"{variable}:")
    assert reasons == ([f"{told}, and refuses who is given the new one with another one"] if told else [])


def test_a_variable_that_a_server_did_not_have_says_nothing_of_what_it_was_set_up_with() -> None:
    found = told_of("downtime", WITH_DATA, WITH_DATA.replace("env: [", "env: [{name: POSTGRES_DB, value: db}, "))
    assert "server-keeps-its-password" not in {name for _, name, _ in found}


@pytest.mark.parametrize(
    ("replaced", "told"),
    [
        (("database: shop", "database: web"), "database: db keeps the database that it was set up with"),
        # A file that is called so.
        (("user: a", "user: b"), None),
    ],
)
def test_what_a_server_was_set_up_with_may_stand_in_a_config_map(replaced: tuple[str, str], told: str | None) -> None:
    settings = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: set, namespace: shop}\ndata: {database: shop, user: a}\n"
    )
    variable = "{name: POSTGRES_DB, valueFrom: {configMapKeyRef: {name: set, key: database}}}"
    server = WITH_DATA.replace("env: [", f"env: [{variable}, ").replace(
        "secret: {secretName: login}", "configMap: {name: set}"
    )
    old = f"{server}---\n{settings}"
    (item,) = review(examples(old), examples(changed(old, replaced))).objects
    assert item.worst.level == ("downtime" if told else "routine")
    assert (told or "user: db sees the change") in item.worst.reason
    assert "rollout restart" not in item.worst.do


def test_what_a_grafana_operator_signs_in_with_is_refused_too() -> None:
    grafana = """
apiVersion: grafana.integreatly.org/v1beta1
kind: Grafana
metadata: {name: main, namespace: shop}
spec: {external: {url: "http://db", adminPassword: {name: login, key: password}}}
"""
    variable = "{name: GF_SECURITY_ADMIN_PASSWORD, valueFrom: {secretKeyRef: {name: login, key: password}}}"
    server = WITH_DATA.replace("postgres:18.1", "grafana/grafana:12.3").replace("env: [", f"env: [{variable}, ")
    old = "---".join((server, SECRET, grafana))
    assert "and refuses Grafana main with" in str(downtime(old, ("property: password", "property: new")))


@pytest.mark.parametrize(
    ("old", "replaced", "do"),
    [
        (
            WITH_DATA.replace("env: [", "env: [{name: POSTGRES_DB, value: shop}, "),
            ("value: shop", "value: web"),
            "if the value is another one: keep the old, or make the new database in db first, with all that the old "
            "has, while nobody writes",
        ),
        (
            "---".join((WITH_DATA.replace("postgres:18.1", "redis:8.2"), SECRET, client("web"))),
            ("property: password", "property: new"),
            "if the value is another one: once the Secret has it, restart the server and all clients together: "
            "kubectl -n shop rollout restart statefulset/db deployment/web",
        ),
        (
            SCALED,
            ("  replicas: 2\n", ""),
            "with server-side apply, first give the field away: kubectl -n shop apply --server-side "
            "--field-manager=handover, of a manifest of Deployment web with only its name and its present replicas; "
            "with client-side apply, first take it out of what kubectl remembers: kubectl -n shop apply "
            "edit-last-applied deployment/web",
        ),
    ],
)
def test_what_to_do_first(old: str, replaced: tuple[str, str], do: str) -> None:
    (item,) = review(examples(old), examples(changed(old, replaced))).objects
    assert do in [concern.do for concern in item.concerns]


def test_a_databases_clients_restart_once_it_knows_the_new_password() -> None:
    old = "---".join((WITH_DATA, SECRET, client("web"), client("worker")))
    (item,) = review(examples(old), examples(old.replace("property: password", "property: new"))).objects
    assert item.worst.do == (
        "if the value is another one: once the Secret has it, sign in to db with the old one and tell it the new one "
        "(ALTER ROLE), then kubectl -n shop rollout restart deployment/web deployment/worker"
    )


def test_a_whole_application_that_is_gone_is_missed_by_nobody_that_stays() -> None:
    found = downtime(SHOP, (SHOP, "kind: Namespace\napiVersion: v1\nmetadata: {name: other}\n"))
    assert found["shop/StatefulSet/db"] == ["1 pod is stopped"]
    assert "shop/Service/db" not in found
    assert "shop/ExternalSecret/login" not in found


def test_a_key_that_pods_read_is_gone() -> None:
    line = "  - {secretKey: password, remoteRef: {key: shop, property: password}}\n"
    assert downtime(SHOP, (line, "")) == {
        "shop/ExternalSecret/login": [
            "key password of Secret login is gone, and web and worker still name it: they do not start again without it"
        ]
    }


def test_a_key_that_nobody_reads_is_missed_by_nobody() -> None:
    assert downtime(SHOP, ("  - {secretKey: unused, remoteRef: {key: shop, property: unused}}\n", "")) == {}


def test_a_secret_that_another_object_makes_now_is_there() -> None:
    plain = "apiVersion: v1\nkind: Secret\nmetadata: {name: login, namespace: shop}\nstringData: {password: changeme}\n"
    assert downtime(SHOP, (SECRET.lstrip(), plain)) == {}


def test_an_optional_reference_breaks_nothing() -> None:
    old = SHOP.replace("key: password}}", "key: password, optional: true}}")
    assert downtime(old, (SECRET.lstrip(), OTHER)) == {}


def test_a_service_that_is_gone_is_missed_by_those_that_are_given_its_address() -> None:
    service = DATABASE.partition("---\n")[0]
    found = downtime(SHOP, (service.lstrip(), OTHER))
    assert found["shop/Service/db"] == [
        "Service db is gone, and db, web and worker still name it: nobody answers there"
    ]


def test_a_port_that_is_gone_is_missed_by_those_that_connect_to_it() -> None:
    assert downtime(SHOP, ("port: 5432}]\n---", "port: 5433, targetPort: 5432}]\n---")) == {
        "shop/Service/db": ["port 5432 is gone, and web and worker still connect to it"]
    }


def test_a_port_that_moves_with_its_clients_is_missed_until_all_of_them_are_new() -> None:
    assert downtime(SHOP, ("port: 5432}]\n---", "port: 5433, targetPort: 5432}]\n---"), ("db:5432", "db:5433")) == {
        "shop/Service/db": ["port 5432 is gone at once, and web and worker connect to it until all pods are new"]
    }


def test_a_service_that_leads_nowhere() -> None:
    found = downtime(SHOP, ("selector: {app: web}", "selector: {app: shop}"))
    assert list(found) == ["shop/Service/web"]
    assert found["shop/Service/web"][0].endswith(": nobody answers there any more")


def test_a_host_that_moves_to_another_route_answers() -> None:
    assert (
        downtime(SHOP, ("kind: IngressRoute\nmetadata: {name: web,", "kind: IngressRoute\nmetadata: {name: shop,"))
        == {}
    )


def test_a_host_that_no_route_has_any_more() -> None:
    assert downtime(SHOP, ("shop.example.com", "store.example.com")) == {
        "shop/IngressRoute/web": ["shop.example.com is not routed any more: it gives an error"]
    }


def test_one_pod_that_is_left_of_several() -> None:
    old = client("web") + f"---{ROUTE}"
    assert downtime(old, ("replicas: 2", "replicas: 1")) == {
        "shop/Deployment/web": [
            "1 pod is left of 2: while its node is drained or fails, shop.example.com does not answer"
        ]
    }


def test_fewer_pods_under_a_budget_of_all_of_them() -> None:
    budget = """
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}
"""
    old = client("web").replace("replicas: 2", "replicas: 3") + f"---{budget}"
    assert downtime(old, ("replicas: 3", "replicas: 2")) == {
        "shop/Deployment/web": [
            "PodDisruptionBudget web lets none of 2 pods go: draining a node, as for an upgrade, hangs at it"
        ]
    }


@pytest.mark.parametrize(
    ("replaced", "reason"),
    [
        (
            ("failureThreshold: 60", "failureThreshold: 6"),
            "postgres is killed if it does not answer 30 s after its start, instead of 300 s",
        ),
        (
            ("        startupProbe: {tcpSocket: {port: sql}, periodSeconds: 5, failureThreshold: 60}\n", ""),
            "postgres is killed if it does not answer 60 s after its start, instead of 300 s",
        ),
        (
            ("failureThreshold: 6}", "failureThreshold: 1}"),
            "postgres is killed after 10 s without an answer, instead of 60 s",
        ),
        (
            ("terminationGracePeriodSeconds: 60", "terminationGracePeriodSeconds: 10"),
            "pods are killed 10 s after they are told to stop, instead of 60 s",
        ),
        (
            ("      terminationGracePeriodSeconds: 60\n", ""),
            "pods are killed 30 s after they are told to stop, instead of 60 s",
        ),
    ],
)
def test_less_time_to_start_and_to_stop(replaced: tuple[str, str], reason: str) -> None:
    assert downtime(DATABASE.replace("replicas: 1", "replicas: 2"), replaced) == {"shop/StatefulSet/db": [reason]}


@pytest.mark.parametrize(
    "replaced",
    [
        ("failureThreshold: 60", "failureThreshold: 120"),
        ("periodSeconds: 5, failureThreshold: 60", "periodSeconds: 10, failureThreshold: 30"),
        ("failureThreshold: 6}", "failureThreshold: 9}"),
        ("        livenessProbe: {tcpSocket: {port: sql}, failureThreshold: 6}\n", ""),
        ("terminationGracePeriodSeconds: 60", "terminationGracePeriodSeconds: 90"),
    ],
)
def test_as_much_time_or_more(replaced: tuple[str, str]) -> None:
    assert downtime(DATABASE.replace("replicas: 1", "replicas: 2"), replaced) == {}


def test_a_first_liveness_probe_is_no_danger() -> None:
    probes = DATABASE.partition("        startupProbe")[2]
    old = DATABASE.replace(f"        startupProbe{probes}", "").replace("replicas: 1", "replicas: 2")
    added = "        ports: [{name: sql, containerPort: 5432}]\n"
    assert downtime(old, (added, f"{added}        livenessProbe: {{tcpSocket: {{port: sql}}}}\n")) == {}


def test_a_drain_that_moved_to_another_budget_is_still_bounded() -> None:
    def budget(name: str) -> str:
        return f"""
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: {name}, namespace: shop}}
spec: {{maxUnavailable: 1, selector: {{matchLabels: {{app: web}}}}}}
"""

    old = client("web") + f"---{budget('web')}"
    assert downtime(old, (budget("web").strip(), budget("all-of-it").strip())) == {}


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ("[{key: gpu, operator: Exists}]", "pods start only on nodes that fit: no longer gpu"),
        ("[{operator: Exists}]", "pods start only on nodes that fit: no longer any taint"),
    ],
)
def test_a_toleration_that_is_gone(lost: str, told: str) -> None:
    old = client("web").replace("    spec:\n", f"    spec:\n      tolerations: {lost}\n")
    assert downtime(old, (f"      tolerations: {lost}\n", "")) == {"shop/Deployment/web": [told]}


def test_what_is_wrong_with_new_pods_is_told_before_that_they_are_new() -> None:
    found = downtime(SHOP, ("livenessProbe: {tcpSocket: {port: sql}", "livenessProbe: {tcpSocket: {port: postgres}"))
    wrong, replaced = found["shop/StatefulSet/db"]
    assert wrong == "the livenessProbe cannot pass: port postgres is none of container postgres, which lists sql (5432)"
    assert replaced.startswith("1 pod is replaced, the old before the new: livenessProbe; ")


def test_a_policy_that_comes_and_stops_a_connection() -> None:
    policy = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress]
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
"""
    assert downtime(SHOP, (ROUTE, ROUTE + policy)) == {
        "shop/NetworkPolicy/db": ["the connection of worker to db is stopped"]
    }


RECORDS = """
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: records, namespace: dns}
spec:
  endpoints:
  - {dnsName: shop.example.com, recordType: A, targets: [192.0.2.1]}
  - {dnsName: www.example.com, recordType: A, targets: [192.0.2.1]}
"""


def test_a_name_that_has_no_record_any_more() -> None:
    assert downtime(RECORDS, ("www.example.com", "store.example.com")) == {
        "dns/DNSEndpoint/records": ["www.example.com has no record any more"]
    }


def test_a_name_that_another_object_gives_now_is_found() -> None:
    head = RECORDS.partition("  - ")[0].replace("name: records", "name: www")
    line = "  - {dnsName: www.example.com, recordType: A, targets: [192.0.2.1]}\n"
    assert downtime(RECORDS, (line, f"---{head}{line}")) == {}


def test_a_new_certificate_for_a_new_host_is_no_danger() -> None:
    route = ROUTE.replace(
        "metadata: {name: web, namespace: shop}\nspec:\n  routes",
        "metadata: {name: web, namespace: shop}\nspec:\n  tls: {secretName: web-tls}\n  routes",
    )
    certificate = """---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec: {secretName: web-tls, dnsNames: [shop.example.com], issuerRef: {name: main}}
"""
    assert downtime(OTHER, (OTHER, f"{OTHER}---{route}{certificate}")) == {}
    assert downtime(ROUTE, (ROUTE, route + certificate)) == {
        "shop/Certificate/web": ["browsers warn at shop.example.com until Secret web-tls is issued"]
    }
