from __future__ import annotations

from pkgutil import extend_path
__path__ = extend_path(__path__, __name__)

import abc
import builtins
import datetime
import enum
import typing

import jsii
import publication
import typing_extensions

from jsii._type_checking import cached_type_hints, check_type


from ._jsii import *

class _LazyImport:
    def __init__(self, module_name: str) -> None:
        self._module_name = module_name
        self._module: typing.Any = None
    def __getattr__(self, name: str) -> typing.Any:
        if self._module is None:
            import importlib
            self._module = importlib.import_module(self._module_name)
        return getattr(self._module, name)

if typing.TYPE_CHECKING:

    import cdk8s as _cdk8s_d3d9af27
    import constructs as _constructs_77d1e7e8
else:

    _cdk8s_d3d9af27 = _LazyImport("cdk8s")
    _constructs_77d1e7e8 = _LazyImport("constructs")


class BackupTarget(
    _cdk8s_d3d9af27.ApiObject,
    metaclass=jsii.JSIIMeta,
    jsii_type="vkm_longhorn_iolonghorn.BackupTarget",
):
    '''
    :schema: BackupTarget
    '''

    def __init__(
        self,
        scope: "_constructs_77d1e7e8.Construct",
        id: builtins.str,
        *,
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
        spec: typing.Optional[typing.Union["BackupTargetSpec", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''Defines a "BackupTarget" API object.

        :param scope: the scope in which to define this object.
        :param id: a scope-local name for the object.
        :param metadata: 
        :param spec: 
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__2149e24b3586bd39a3c7928b0fab1f37ae1c6e6a2c8a161fff704a639244d2d6)
            check_type(argname="argument scope", value=scope, expected_type=type_hints["scope"])
            check_type(argname="argument id", value=id, expected_type=type_hints["id"])
        props = BackupTargetProps(metadata=metadata, spec=spec)

        jsii.create(self.__class__, self, [scope, id, props])

    @jsii.member(jsii_name="manifest")
    @builtins.classmethod
    def manifest(
        cls,
        *,
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
        spec: typing.Optional[typing.Union["BackupTargetSpec", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> typing.Any:
        '''Renders a Kubernetes manifest for "BackupTarget".

        This can be used to inline resource manifests inside other objects (e.g. as templates).

        :param metadata: 
        :param spec: 
        '''
        props = BackupTargetProps(metadata=metadata, spec=spec)

        return typing.cast(typing.Any, jsii.sinvoke(cls, "manifest", [props]))

    @jsii.member(jsii_name="toJson")
    def to_json(self) -> typing.Any:
        '''Renders the object to Kubernetes JSON.'''
        return typing.cast(typing.Any, jsii.invoke(self, "toJson", []))

    @jsii.python.classproperty
    @jsii.member(jsii_name="GVK")
    def GVK(cls) -> "_cdk8s_d3d9af27.GroupVersionKind":
        '''Returns the apiVersion and kind for "BackupTarget".'''
        return typing.cast("_cdk8s_d3d9af27.GroupVersionKind", jsii.sget(cls, "GVK"))


@jsii.data_type(
    jsii_type="vkm_longhorn_iolonghorn.BackupTargetProps",
    jsii_struct_bases=[],
    name_mapping={"metadata": "metadata", "spec": "spec"},
)
class BackupTargetProps:
    def __init__(
        self,
        *,
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
        spec: typing.Optional[typing.Union["BackupTargetSpec", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param metadata: 
        :param spec: 

        :schema: BackupTarget
        '''
        if isinstance(metadata, dict):
            metadata = _cdk8s_d3d9af27.ApiObjectMetadata(**metadata)
        if isinstance(spec, dict):
            spec = BackupTargetSpec(**spec)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__45ccec1043a03d2c674efc3e73853185b70b734ebf767e6b41eb02a584fb9909)
            check_type(argname="argument metadata", value=metadata, expected_type=type_hints["metadata"])
            check_type(argname="argument spec", value=spec, expected_type=type_hints["spec"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if metadata is not None:
            self._values["metadata"] = metadata
        if spec is not None:
            self._values["spec"] = spec

    @builtins.property
    def metadata(self) -> typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"]:
        '''
        :schema: BackupTarget#metadata
        '''
        result = self._values.get("metadata")
        return typing.cast(typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"], result)

    @builtins.property
    def spec(self) -> typing.Optional["BackupTargetSpec"]:
        '''
        :schema: BackupTarget#spec
        '''
        result = self._values.get("spec")
        return typing.cast(typing.Optional["BackupTargetSpec"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "BackupTargetProps(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_longhorn_iolonghorn.BackupTargetSpec",
    jsii_struct_bases=[],
    name_mapping={
        "backup_target_url": "backupTargetUrl",
        "credential_secret": "credentialSecret",
        "poll_interval": "pollInterval",
    },
)
class BackupTargetSpec:
    def __init__(
        self,
        *,
        backup_target_url: typing.Optional[builtins.str] = None,
        credential_secret: typing.Optional[builtins.str] = None,
        poll_interval: typing.Optional[builtins.str] = None,
    ) -> None:
        '''
        :param backup_target_url: 
        :param credential_secret: 
        :param poll_interval: 

        :schema: BackupTargetSpec
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__588e76ea2d2a36277f23e0742756b20602742072f662d82373f71af0a7821ed4)
            check_type(argname="argument backup_target_url", value=backup_target_url, expected_type=type_hints["backup_target_url"])
            check_type(argname="argument credential_secret", value=credential_secret, expected_type=type_hints["credential_secret"])
            check_type(argname="argument poll_interval", value=poll_interval, expected_type=type_hints["poll_interval"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if backup_target_url is not None:
            self._values["backup_target_url"] = backup_target_url
        if credential_secret is not None:
            self._values["credential_secret"] = credential_secret
        if poll_interval is not None:
            self._values["poll_interval"] = poll_interval

    @builtins.property
    def backup_target_url(self) -> typing.Optional[builtins.str]:
        '''
        :schema: BackupTargetSpec#backupTargetURL
        '''
        result = self._values.get("backup_target_url")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def credential_secret(self) -> typing.Optional[builtins.str]:
        '''
        :schema: BackupTargetSpec#credentialSecret
        '''
        result = self._values.get("credential_secret")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def poll_interval(self) -> typing.Optional[builtins.str]:
        '''
        :schema: BackupTargetSpec#pollInterval
        '''
        result = self._values.get("poll_interval")
        return typing.cast(typing.Optional[builtins.str], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "BackupTargetSpec(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


class RecurringJob(
    _cdk8s_d3d9af27.ApiObject,
    metaclass=jsii.JSIIMeta,
    jsii_type="vkm_longhorn_iolonghorn.RecurringJob",
):
    '''
    :schema: RecurringJob
    '''

    def __init__(
        self,
        scope: "_constructs_77d1e7e8.Construct",
        id: builtins.str,
        *,
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
        spec: typing.Optional[typing.Union["RecurringJobSpec", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''Defines a "RecurringJob" API object.

        :param scope: the scope in which to define this object.
        :param id: a scope-local name for the object.
        :param metadata: 
        :param spec: 
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__65a9956d13f1e57e22d339efbb3dd624620665d2cb5e1617283ab13b10519334)
            check_type(argname="argument scope", value=scope, expected_type=type_hints["scope"])
            check_type(argname="argument id", value=id, expected_type=type_hints["id"])
        props = RecurringJobProps(metadata=metadata, spec=spec)

        jsii.create(self.__class__, self, [scope, id, props])

    @jsii.member(jsii_name="manifest")
    @builtins.classmethod
    def manifest(
        cls,
        *,
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
        spec: typing.Optional[typing.Union["RecurringJobSpec", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> typing.Any:
        '''Renders a Kubernetes manifest for "RecurringJob".

        This can be used to inline resource manifests inside other objects (e.g. as templates).

        :param metadata: 
        :param spec: 
        '''
        props = RecurringJobProps(metadata=metadata, spec=spec)

        return typing.cast(typing.Any, jsii.sinvoke(cls, "manifest", [props]))

    @jsii.member(jsii_name="toJson")
    def to_json(self) -> typing.Any:
        '''Renders the object to Kubernetes JSON.'''
        return typing.cast(typing.Any, jsii.invoke(self, "toJson", []))

    @jsii.python.classproperty
    @jsii.member(jsii_name="GVK")
    def GVK(cls) -> "_cdk8s_d3d9af27.GroupVersionKind":
        '''Returns the apiVersion and kind for "RecurringJob".'''
        return typing.cast("_cdk8s_d3d9af27.GroupVersionKind", jsii.sget(cls, "GVK"))


@jsii.data_type(
    jsii_type="vkm_longhorn_iolonghorn.RecurringJobProps",
    jsii_struct_bases=[],
    name_mapping={"metadata": "metadata", "spec": "spec"},
)
class RecurringJobProps:
    def __init__(
        self,
        *,
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
        spec: typing.Optional[typing.Union["RecurringJobSpec", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param metadata: 
        :param spec: 

        :schema: RecurringJob
        '''
        if isinstance(metadata, dict):
            metadata = _cdk8s_d3d9af27.ApiObjectMetadata(**metadata)
        if isinstance(spec, dict):
            spec = RecurringJobSpec(**spec)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__799976512b2dbbd44dbb0598dd43610aefd9000703a67ed3b6bb5ea2b157ab44)
            check_type(argname="argument metadata", value=metadata, expected_type=type_hints["metadata"])
            check_type(argname="argument spec", value=spec, expected_type=type_hints["spec"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if metadata is not None:
            self._values["metadata"] = metadata
        if spec is not None:
            self._values["spec"] = spec

    @builtins.property
    def metadata(self) -> typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"]:
        '''
        :schema: RecurringJob#metadata
        '''
        result = self._values.get("metadata")
        return typing.cast(typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"], result)

    @builtins.property
    def spec(self) -> typing.Optional["RecurringJobSpec"]:
        '''
        :schema: RecurringJob#spec
        '''
        result = self._values.get("spec")
        return typing.cast(typing.Optional["RecurringJobSpec"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "RecurringJobProps(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_longhorn_iolonghorn.RecurringJobSpec",
    jsii_struct_bases=[],
    name_mapping={
        "concurrency": "concurrency",
        "cron": "cron",
        "groups": "groups",
        "labels": "labels",
        "name": "name",
        "parameters": "parameters",
        "retain": "retain",
        "task": "task",
    },
)
class RecurringJobSpec:
    def __init__(
        self,
        *,
        concurrency: typing.Optional[jsii.Number] = None,
        cron: typing.Optional[builtins.str] = None,
        groups: typing.Optional[typing.Sequence[builtins.str]] = None,
        labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
        name: typing.Optional[builtins.str] = None,
        parameters: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
        retain: typing.Optional[jsii.Number] = None,
        task: typing.Optional["RecurringJobSpecTask"] = None,
    ) -> None:
        '''
        :param concurrency: 
        :param cron: 
        :param groups: 
        :param labels: 
        :param name: 
        :param parameters: 
        :param retain: 
        :param task: 

        :schema: RecurringJobSpec
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__7e6bfd8ff664256b4e07768536c7da2a5f8374a157667883d44fe0baec48ba58)
            check_type(argname="argument concurrency", value=concurrency, expected_type=type_hints["concurrency"])
            check_type(argname="argument cron", value=cron, expected_type=type_hints["cron"])
            check_type(argname="argument groups", value=groups, expected_type=type_hints["groups"])
            check_type(argname="argument labels", value=labels, expected_type=type_hints["labels"])
            check_type(argname="argument name", value=name, expected_type=type_hints["name"])
            check_type(argname="argument parameters", value=parameters, expected_type=type_hints["parameters"])
            check_type(argname="argument retain", value=retain, expected_type=type_hints["retain"])
            check_type(argname="argument task", value=task, expected_type=type_hints["task"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if concurrency is not None:
            self._values["concurrency"] = concurrency
        if cron is not None:
            self._values["cron"] = cron
        if groups is not None:
            self._values["groups"] = groups
        if labels is not None:
            self._values["labels"] = labels
        if name is not None:
            self._values["name"] = name
        if parameters is not None:
            self._values["parameters"] = parameters
        if retain is not None:
            self._values["retain"] = retain
        if task is not None:
            self._values["task"] = task

    @builtins.property
    def concurrency(self) -> typing.Optional[jsii.Number]:
        '''
        :schema: RecurringJobSpec#concurrency
        '''
        result = self._values.get("concurrency")
        return typing.cast(typing.Optional[jsii.Number], result)

    @builtins.property
    def cron(self) -> typing.Optional[builtins.str]:
        '''
        :schema: RecurringJobSpec#cron
        '''
        result = self._values.get("cron")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def groups(self) -> typing.Optional[typing.List[builtins.str]]:
        '''
        :schema: RecurringJobSpec#groups
        '''
        result = self._values.get("groups")
        return typing.cast(typing.Optional[typing.List[builtins.str]], result)

    @builtins.property
    def labels(self) -> typing.Optional[typing.Mapping[builtins.str, builtins.str]]:
        '''
        :schema: RecurringJobSpec#labels
        '''
        result = self._values.get("labels")
        return typing.cast(typing.Optional[typing.Mapping[builtins.str, builtins.str]], result)

    @builtins.property
    def name(self) -> typing.Optional[builtins.str]:
        '''
        :schema: RecurringJobSpec#name
        '''
        result = self._values.get("name")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def parameters(self) -> typing.Optional[typing.Mapping[builtins.str, builtins.str]]:
        '''
        :schema: RecurringJobSpec#parameters
        '''
        result = self._values.get("parameters")
        return typing.cast(typing.Optional[typing.Mapping[builtins.str, builtins.str]], result)

    @builtins.property
    def retain(self) -> typing.Optional[jsii.Number]:
        '''
        :schema: RecurringJobSpec#retain
        '''
        result = self._values.get("retain")
        return typing.cast(typing.Optional[jsii.Number], result)

    @builtins.property
    def task(self) -> typing.Optional["RecurringJobSpecTask"]:
        '''
        :schema: RecurringJobSpec#task
        '''
        result = self._values.get("task")
        return typing.cast(typing.Optional["RecurringJobSpecTask"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "RecurringJobSpec(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.enum(jsii_type="vkm_longhorn_iolonghorn.RecurringJobSpecTask")
class RecurringJobSpecTask(enum.Enum):
    '''
    :schema: RecurringJobSpecTask
    '''

    SNAPSHOT = "SNAPSHOT"
    '''snapshot.'''
    SNAPSHOT_HYPHEN_FORCE_HYPHEN_CREATE = "SNAPSHOT_HYPHEN_FORCE_HYPHEN_CREATE"
    '''snapshot-force-create.'''
    SNAPSHOT_HYPHEN_CLEANUP = "SNAPSHOT_HYPHEN_CLEANUP"
    '''snapshot-cleanup.'''
    SNAPSHOT_HYPHEN_DELETE = "SNAPSHOT_HYPHEN_DELETE"
    '''snapshot-delete.'''
    BACKUP = "BACKUP"
    '''backup.'''
    BACKUP_HYPHEN_FORCE_HYPHEN_CREATE = "BACKUP_HYPHEN_FORCE_HYPHEN_CREATE"
    '''backup-force-create.'''
    FILESYSTEM_HYPHEN_TRIM = "FILESYSTEM_HYPHEN_TRIM"
    '''filesystem-trim.'''
    SYSTEM_HYPHEN_BACKUP = "SYSTEM_HYPHEN_BACKUP"
    '''system-backup.'''


class Setting(
    _cdk8s_d3d9af27.ApiObject,
    metaclass=jsii.JSIIMeta,
    jsii_type="vkm_longhorn_iolonghorn.Setting",
):
    '''
    :schema: Setting
    '''

    def __init__(
        self,
        scope: "_constructs_77d1e7e8.Construct",
        id: builtins.str,
        *,
        value: builtins.str,
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''Defines a "Setting" API object.

        :param scope: the scope in which to define this object.
        :param id: a scope-local name for the object.
        :param value: 
        :param metadata: 
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__fd1def4581e426ed584f9b67b930c34129be86b4930a1655ee9a8a663098cd5b)
            check_type(argname="argument scope", value=scope, expected_type=type_hints["scope"])
            check_type(argname="argument id", value=id, expected_type=type_hints["id"])
        props = SettingProps(value=value, metadata=metadata)

        jsii.create(self.__class__, self, [scope, id, props])

    @jsii.member(jsii_name="manifest")
    @builtins.classmethod
    def manifest(
        cls,
        *,
        value: builtins.str,
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> typing.Any:
        '''Renders a Kubernetes manifest for "Setting".

        This can be used to inline resource manifests inside other objects (e.g. as templates).

        :param value: 
        :param metadata: 
        '''
        props = SettingProps(value=value, metadata=metadata)

        return typing.cast(typing.Any, jsii.sinvoke(cls, "manifest", [props]))

    @jsii.member(jsii_name="toJson")
    def to_json(self) -> typing.Any:
        '''Renders the object to Kubernetes JSON.'''
        return typing.cast(typing.Any, jsii.invoke(self, "toJson", []))

    @jsii.python.classproperty
    @jsii.member(jsii_name="GVK")
    def GVK(cls) -> "_cdk8s_d3d9af27.GroupVersionKind":
        '''Returns the apiVersion and kind for "Setting".'''
        return typing.cast("_cdk8s_d3d9af27.GroupVersionKind", jsii.sget(cls, "GVK"))


@jsii.data_type(
    jsii_type="vkm_longhorn_iolonghorn.SettingProps",
    jsii_struct_bases=[],
    name_mapping={"value": "value", "metadata": "metadata"},
)
class SettingProps:
    def __init__(
        self,
        *,
        value: builtins.str,
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param value: 
        :param metadata: 

        :schema: Setting
        '''
        if isinstance(metadata, dict):
            metadata = _cdk8s_d3d9af27.ApiObjectMetadata(**metadata)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__69ee0155979677992aece1603de159564a4ee3020b15be622200dab29154db59)
            check_type(argname="argument value", value=value, expected_type=type_hints["value"])
            check_type(argname="argument metadata", value=metadata, expected_type=type_hints["metadata"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "value": value,
        }
        if metadata is not None:
            self._values["metadata"] = metadata

    @builtins.property
    def value(self) -> builtins.str:
        '''
        :schema: Setting#value
        '''
        result = self._values.get("value")
        assert result is not None, "Required property 'value' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def metadata(self) -> typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"]:
        '''
        :schema: Setting#metadata
        '''
        result = self._values.get("metadata")
        return typing.cast(typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "SettingProps(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


__all__ = [
    "BackupTarget",
    "BackupTargetProps",
    "BackupTargetSpec",
    "RecurringJob",
    "RecurringJobProps",
    "RecurringJobSpec",
    "RecurringJobSpecTask",
    "Setting",
    "SettingProps",
]

publication.publish()

def _typecheckingstub__2149e24b3586bd39a3c7928b0fab1f37ae1c6e6a2c8a161fff704a639244d2d6(
    scope: _constructs_77d1e7e8.Construct,
    id: builtins.str,
    *,
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
    spec: typing.Optional[typing.Union[BackupTargetSpec, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__45ccec1043a03d2c674efc3e73853185b70b734ebf767e6b41eb02a584fb9909(
    *,
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
    spec: typing.Optional[typing.Union[BackupTargetSpec, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__588e76ea2d2a36277f23e0742756b20602742072f662d82373f71af0a7821ed4(
    *,
    backup_target_url: typing.Optional[builtins.str] = None,
    credential_secret: typing.Optional[builtins.str] = None,
    poll_interval: typing.Optional[builtins.str] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__65a9956d13f1e57e22d339efbb3dd624620665d2cb5e1617283ab13b10519334(
    scope: _constructs_77d1e7e8.Construct,
    id: builtins.str,
    *,
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
    spec: typing.Optional[typing.Union[RecurringJobSpec, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__799976512b2dbbd44dbb0598dd43610aefd9000703a67ed3b6bb5ea2b157ab44(
    *,
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
    spec: typing.Optional[typing.Union[RecurringJobSpec, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__7e6bfd8ff664256b4e07768536c7da2a5f8374a157667883d44fe0baec48ba58(
    *,
    concurrency: typing.Optional[jsii.Number] = None,
    cron: typing.Optional[builtins.str] = None,
    groups: typing.Optional[typing.Sequence[builtins.str]] = None,
    labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
    name: typing.Optional[builtins.str] = None,
    parameters: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
    retain: typing.Optional[jsii.Number] = None,
    task: typing.Optional[RecurringJobSpecTask] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__fd1def4581e426ed584f9b67b930c34129be86b4930a1655ee9a8a663098cd5b(
    scope: _constructs_77d1e7e8.Construct,
    id: builtins.str,
    *,
    value: builtins.str,
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__69ee0155979677992aece1603de159564a4ee3020b15be622200dab29154db59(
    *,
    value: builtins.str,
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass
