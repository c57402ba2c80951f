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


class Grafana(
    _cdk8s_d3d9af27.ApiObject,
    metaclass=jsii.JSIIMeta,
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.Grafana",
):
    '''
    :schema: Grafana
    '''

    def __init__(
        self,
        scope: "_constructs_77d1e7e8.Construct",
        id: builtins.str,
        *,
        spec: typing.Union["GrafanaSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''Defines a "Grafana" API object.

        :param scope: the scope in which to define this object.
        :param id: a scope-local name for the object.
        :param spec: 
        :param metadata: 
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__6be6dbfed660e22741aa21e4645beba9fa865e18eb6399a3ba6ee8afdcec9ff5)
            check_type(argname="argument scope", value=scope, expected_type=type_hints["scope"])
            check_type(argname="argument id", value=id, expected_type=type_hints["id"])
        props = GrafanaProps(spec=spec, metadata=metadata)

        jsii.create(self.__class__, self, [scope, id, props])

    @jsii.member(jsii_name="manifest")
    @builtins.classmethod
    def manifest(
        cls,
        *,
        spec: typing.Union["GrafanaSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> typing.Any:
        '''Renders a Kubernetes manifest for "Grafana".

        This can be used to inline resource manifests inside other objects (e.g. as templates).

        :param spec: 
        :param metadata: 
        '''
        props = GrafanaProps(spec=spec, metadata=metadata)

        return typing.cast(typing.Any, jsii.sinvoke(cls, "manifest", [props]))

    @jsii.member(jsii_name="toJson")
    def to_json(self) -> typing.Any:
        '''Renders the object to Kubernetes JSON.'''
        return typing.cast(typing.Any, jsii.invoke(self, "toJson", []))

    @jsii.python.classproperty
    @jsii.member(jsii_name="GVK")
    def GVK(cls) -> "_cdk8s_d3d9af27.GroupVersionKind":
        '''Returns the apiVersion and kind for "Grafana".'''
        return typing.cast("_cdk8s_d3d9af27.GroupVersionKind", jsii.sget(cls, "GVK"))


class GrafanaDashboard(
    _cdk8s_d3d9af27.ApiObject,
    metaclass=jsii.JSIIMeta,
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDashboard",
):
    '''
    :schema: GrafanaDashboard
    '''

    def __init__(
        self,
        scope: "_constructs_77d1e7e8.Construct",
        id: builtins.str,
        *,
        spec: typing.Union["GrafanaDashboardSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''Defines a "GrafanaDashboard" API object.

        :param scope: the scope in which to define this object.
        :param id: a scope-local name for the object.
        :param spec: 
        :param metadata: 
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__958927421d141ea983c1981eea52218176dfb41914abef415fcbb1549004b706)
            check_type(argname="argument scope", value=scope, expected_type=type_hints["scope"])
            check_type(argname="argument id", value=id, expected_type=type_hints["id"])
        props = GrafanaDashboardProps(spec=spec, metadata=metadata)

        jsii.create(self.__class__, self, [scope, id, props])

    @jsii.member(jsii_name="manifest")
    @builtins.classmethod
    def manifest(
        cls,
        *,
        spec: typing.Union["GrafanaDashboardSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> typing.Any:
        '''Renders a Kubernetes manifest for "GrafanaDashboard".

        This can be used to inline resource manifests inside other objects (e.g. as templates).

        :param spec: 
        :param metadata: 
        '''
        props = GrafanaDashboardProps(spec=spec, metadata=metadata)

        return typing.cast(typing.Any, jsii.sinvoke(cls, "manifest", [props]))

    @jsii.member(jsii_name="toJson")
    def to_json(self) -> typing.Any:
        '''Renders the object to Kubernetes JSON.'''
        return typing.cast(typing.Any, jsii.invoke(self, "toJson", []))

    @jsii.python.classproperty
    @jsii.member(jsii_name="GVK")
    def GVK(cls) -> "_cdk8s_d3d9af27.GroupVersionKind":
        '''Returns the apiVersion and kind for "GrafanaDashboard".'''
        return typing.cast("_cdk8s_d3d9af27.GroupVersionKind", jsii.sget(cls, "GVK"))


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDashboardProps",
    jsii_struct_bases=[],
    name_mapping={"spec": "spec", "metadata": "metadata"},
)
class GrafanaDashboardProps:
    def __init__(
        self,
        *,
        spec: typing.Union["GrafanaDashboardSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param spec: 
        :param metadata: 

        :schema: GrafanaDashboard
        '''
        if isinstance(spec, dict):
            spec = GrafanaDashboardSpec(**spec)
        if isinstance(metadata, dict):
            metadata = _cdk8s_d3d9af27.ApiObjectMetadata(**metadata)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__96f1f21f20ae3f0aaf7cf58e6bd86049e6d5753f92e001a2dae4d6dc994c869a)
            check_type(argname="argument spec", value=spec, expected_type=type_hints["spec"])
            check_type(argname="argument metadata", value=metadata, expected_type=type_hints["metadata"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "spec": spec,
        }
        if metadata is not None:
            self._values["metadata"] = metadata

    @builtins.property
    def spec(self) -> "GrafanaDashboardSpec":
        '''
        :schema: GrafanaDashboard#spec
        '''
        result = self._values.get("spec")
        assert result is not None, "Required property 'spec' is missing"
        return typing.cast("GrafanaDashboardSpec", result)

    @builtins.property
    def metadata(self) -> typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"]:
        '''
        :schema: GrafanaDashboard#metadata
        '''
        result = self._values.get("metadata")
        return typing.cast(typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDashboardProps(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDashboardSpec",
    jsii_struct_bases=[],
    name_mapping={
        "instance_selector": "instanceSelector",
        "allow_cross_namespace_import": "allowCrossNamespaceImport",
        "config_map_ref": "configMapRef",
        "content_cache_duration": "contentCacheDuration",
        "datasources": "datasources",
        "folder": "folder",
        "folder_ref": "folderRef",
        "folder_uid": "folderUid",
        "grafana_com": "grafanaCom",
        "gzip_json": "gzipJson",
        "json": "json",
        "plugins": "plugins",
        "resync_period": "resyncPeriod",
        "suspend": "suspend",
        "uid": "uid",
        "url": "url",
    },
)
class GrafanaDashboardSpec:
    def __init__(
        self,
        *,
        instance_selector: typing.Union["GrafanaDashboardSpecInstanceSelector", typing.Dict[builtins.str, typing.Any]],
        allow_cross_namespace_import: typing.Optional[builtins.bool] = None,
        config_map_ref: typing.Optional[typing.Union["GrafanaDashboardSpecConfigMapRef", typing.Dict[builtins.str, typing.Any]]] = None,
        content_cache_duration: typing.Optional[builtins.str] = None,
        datasources: typing.Optional[typing.Sequence[typing.Union["GrafanaDashboardSpecDatasources", typing.Dict[builtins.str, typing.Any]]]] = None,
        folder: typing.Optional[builtins.str] = None,
        folder_ref: typing.Optional[builtins.str] = None,
        folder_uid: typing.Optional[builtins.str] = None,
        grafana_com: typing.Optional[typing.Union["GrafanaDashboardSpecGrafanaCom", typing.Dict[builtins.str, typing.Any]]] = None,
        gzip_json: typing.Optional[builtins.str] = None,
        json: typing.Optional[builtins.str] = None,
        plugins: typing.Optional[typing.Sequence[typing.Union["GrafanaDashboardSpecPlugins", typing.Dict[builtins.str, typing.Any]]]] = None,
        resync_period: typing.Optional[builtins.str] = None,
        suspend: typing.Optional[builtins.bool] = None,
        uid: typing.Optional[builtins.str] = None,
        url: typing.Optional[builtins.str] = None,
    ) -> None:
        '''
        :param instance_selector: 
        :param allow_cross_namespace_import: 
        :param config_map_ref: 
        :param content_cache_duration: 
        :param datasources: 
        :param folder: 
        :param folder_ref: 
        :param folder_uid: 
        :param grafana_com: 
        :param gzip_json: 
        :param json: 
        :param plugins: 
        :param resync_period: 
        :param suspend: 
        :param uid: 
        :param url: 

        :schema: GrafanaDashboardSpec
        '''
        if isinstance(instance_selector, dict):
            instance_selector = GrafanaDashboardSpecInstanceSelector(**instance_selector)
        if isinstance(config_map_ref, dict):
            config_map_ref = GrafanaDashboardSpecConfigMapRef(**config_map_ref)
        if isinstance(grafana_com, dict):
            grafana_com = GrafanaDashboardSpecGrafanaCom(**grafana_com)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__618d800a49f45a7f1679582c6894db81c4171aa7ac8d3eabeabee607eb2dbc64)
            check_type(argname="argument instance_selector", value=instance_selector, expected_type=type_hints["instance_selector"])
            check_type(argname="argument allow_cross_namespace_import", value=allow_cross_namespace_import, expected_type=type_hints["allow_cross_namespace_import"])
            check_type(argname="argument config_map_ref", value=config_map_ref, expected_type=type_hints["config_map_ref"])
            check_type(argname="argument content_cache_duration", value=content_cache_duration, expected_type=type_hints["content_cache_duration"])
            check_type(argname="argument datasources", value=datasources, expected_type=type_hints["datasources"])
            check_type(argname="argument folder", value=folder, expected_type=type_hints["folder"])
            check_type(argname="argument folder_ref", value=folder_ref, expected_type=type_hints["folder_ref"])
            check_type(argname="argument folder_uid", value=folder_uid, expected_type=type_hints["folder_uid"])
            check_type(argname="argument grafana_com", value=grafana_com, expected_type=type_hints["grafana_com"])
            check_type(argname="argument gzip_json", value=gzip_json, expected_type=type_hints["gzip_json"])
            check_type(argname="argument json", value=json, expected_type=type_hints["json"])
            check_type(argname="argument plugins", value=plugins, expected_type=type_hints["plugins"])
            check_type(argname="argument resync_period", value=resync_period, expected_type=type_hints["resync_period"])
            check_type(argname="argument suspend", value=suspend, expected_type=type_hints["suspend"])
            check_type(argname="argument uid", value=uid, expected_type=type_hints["uid"])
            check_type(argname="argument url", value=url, expected_type=type_hints["url"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "instance_selector": instance_selector,
        }
        if allow_cross_namespace_import is not None:
            self._values["allow_cross_namespace_import"] = allow_cross_namespace_import
        if config_map_ref is not None:
            self._values["config_map_ref"] = config_map_ref
        if content_cache_duration is not None:
            self._values["content_cache_duration"] = content_cache_duration
        if datasources is not None:
            self._values["datasources"] = datasources
        if folder is not None:
            self._values["folder"] = folder
        if folder_ref is not None:
            self._values["folder_ref"] = folder_ref
        if folder_uid is not None:
            self._values["folder_uid"] = folder_uid
        if grafana_com is not None:
            self._values["grafana_com"] = grafana_com
        if gzip_json is not None:
            self._values["gzip_json"] = gzip_json
        if json is not None:
            self._values["json"] = json
        if plugins is not None:
            self._values["plugins"] = plugins
        if resync_period is not None:
            self._values["resync_period"] = resync_period
        if suspend is not None:
            self._values["suspend"] = suspend
        if uid is not None:
            self._values["uid"] = uid
        if url is not None:
            self._values["url"] = url

    @builtins.property
    def instance_selector(self) -> "GrafanaDashboardSpecInstanceSelector":
        '''
        :schema: GrafanaDashboardSpec#instanceSelector
        '''
        result = self._values.get("instance_selector")
        assert result is not None, "Required property 'instance_selector' is missing"
        return typing.cast("GrafanaDashboardSpecInstanceSelector", result)

    @builtins.property
    def allow_cross_namespace_import(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaDashboardSpec#allowCrossNamespaceImport
        '''
        result = self._values.get("allow_cross_namespace_import")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def config_map_ref(self) -> typing.Optional["GrafanaDashboardSpecConfigMapRef"]:
        '''
        :schema: GrafanaDashboardSpec#configMapRef
        '''
        result = self._values.get("config_map_ref")
        return typing.cast(typing.Optional["GrafanaDashboardSpecConfigMapRef"], result)

    @builtins.property
    def content_cache_duration(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDashboardSpec#contentCacheDuration
        '''
        result = self._values.get("content_cache_duration")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def datasources(
        self,
    ) -> typing.Optional[typing.List["GrafanaDashboardSpecDatasources"]]:
        '''
        :schema: GrafanaDashboardSpec#datasources
        '''
        result = self._values.get("datasources")
        return typing.cast(typing.Optional[typing.List["GrafanaDashboardSpecDatasources"]], result)

    @builtins.property
    def folder(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDashboardSpec#folder
        '''
        result = self._values.get("folder")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def folder_ref(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDashboardSpec#folderRef
        '''
        result = self._values.get("folder_ref")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def folder_uid(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDashboardSpec#folderUID
        '''
        result = self._values.get("folder_uid")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def grafana_com(self) -> typing.Optional["GrafanaDashboardSpecGrafanaCom"]:
        '''
        :schema: GrafanaDashboardSpec#grafanaCom
        '''
        result = self._values.get("grafana_com")
        return typing.cast(typing.Optional["GrafanaDashboardSpecGrafanaCom"], result)

    @builtins.property
    def gzip_json(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDashboardSpec#gzipJson
        '''
        result = self._values.get("gzip_json")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def json(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDashboardSpec#json
        '''
        result = self._values.get("json")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def plugins(self) -> typing.Optional[typing.List["GrafanaDashboardSpecPlugins"]]:
        '''
        :schema: GrafanaDashboardSpec#plugins
        '''
        result = self._values.get("plugins")
        return typing.cast(typing.Optional[typing.List["GrafanaDashboardSpecPlugins"]], result)

    @builtins.property
    def resync_period(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDashboardSpec#resyncPeriod
        '''
        result = self._values.get("resync_period")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def suspend(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaDashboardSpec#suspend
        '''
        result = self._values.get("suspend")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def uid(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDashboardSpec#uid
        '''
        result = self._values.get("uid")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def url(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDashboardSpec#url
        '''
        result = self._values.get("url")
        return typing.cast(typing.Optional[builtins.str], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDashboardSpec(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDashboardSpecConfigMapRef",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "name": "name", "optional": "optional"},
)
class GrafanaDashboardSpecConfigMapRef:
    def __init__(
        self,
        *,
        key: builtins.str,
        name: typing.Optional[builtins.str] = None,
        optional: typing.Optional[builtins.bool] = None,
    ) -> None:
        '''
        :param key: 
        :param name: 
        :param optional: 

        :schema: GrafanaDashboardSpecConfigMapRef
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__9c60e64600eb1644c9e453fbb4fe8c3275498bbc79e8102998d122b823bc820f)
            check_type(argname="argument key", value=key, expected_type=type_hints["key"])
            check_type(argname="argument name", value=name, expected_type=type_hints["name"])
            check_type(argname="argument optional", value=optional, expected_type=type_hints["optional"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "key": key,
        }
        if name is not None:
            self._values["name"] = name
        if optional is not None:
            self._values["optional"] = optional

    @builtins.property
    def key(self) -> builtins.str:
        '''
        :schema: GrafanaDashboardSpecConfigMapRef#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def name(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDashboardSpecConfigMapRef#name
        '''
        result = self._values.get("name")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def optional(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaDashboardSpecConfigMapRef#optional
        '''
        result = self._values.get("optional")
        return typing.cast(typing.Optional[builtins.bool], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDashboardSpecConfigMapRef(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDashboardSpecDatasources",
    jsii_struct_bases=[],
    name_mapping={"datasource_name": "datasourceName", "input_name": "inputName"},
)
class GrafanaDashboardSpecDatasources:
    def __init__(
        self,
        *,
        datasource_name: builtins.str,
        input_name: builtins.str,
    ) -> None:
        '''
        :param datasource_name: 
        :param input_name: 

        :schema: GrafanaDashboardSpecDatasources
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__32f64038477e4c899b8be4d8844b9b5781262e35100e656ff680026612f74f8a)
            check_type(argname="argument datasource_name", value=datasource_name, expected_type=type_hints["datasource_name"])
            check_type(argname="argument input_name", value=input_name, expected_type=type_hints["input_name"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "datasource_name": datasource_name,
            "input_name": input_name,
        }

    @builtins.property
    def datasource_name(self) -> builtins.str:
        '''
        :schema: GrafanaDashboardSpecDatasources#datasourceName
        '''
        result = self._values.get("datasource_name")
        assert result is not None, "Required property 'datasource_name' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def input_name(self) -> builtins.str:
        '''
        :schema: GrafanaDashboardSpecDatasources#inputName
        '''
        result = self._values.get("input_name")
        assert result is not None, "Required property 'input_name' is missing"
        return typing.cast(builtins.str, result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDashboardSpecDatasources(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDashboardSpecGrafanaCom",
    jsii_struct_bases=[],
    name_mapping={"id": "id", "revision": "revision"},
)
class GrafanaDashboardSpecGrafanaCom:
    def __init__(
        self,
        *,
        id: jsii.Number,
        revision: typing.Optional[jsii.Number] = None,
    ) -> None:
        '''
        :param id: 
        :param revision: 

        :schema: GrafanaDashboardSpecGrafanaCom
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__0f4ca9c0fcb7e8594b8b7427f23c9defc726a5d772f494e4eaf9121461ac4cc7)
            check_type(argname="argument id", value=id, expected_type=type_hints["id"])
            check_type(argname="argument revision", value=revision, expected_type=type_hints["revision"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "id": id,
        }
        if revision is not None:
            self._values["revision"] = revision

    @builtins.property
    def id(self) -> jsii.Number:
        '''
        :schema: GrafanaDashboardSpecGrafanaCom#id
        '''
        result = self._values.get("id")
        assert result is not None, "Required property 'id' is missing"
        return typing.cast(jsii.Number, result)

    @builtins.property
    def revision(self) -> typing.Optional[jsii.Number]:
        '''
        :schema: GrafanaDashboardSpecGrafanaCom#revision
        '''
        result = self._values.get("revision")
        return typing.cast(typing.Optional[jsii.Number], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDashboardSpecGrafanaCom(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDashboardSpecInstanceSelector",
    jsii_struct_bases=[],
    name_mapping={
        "match_expressions": "matchExpressions",
        "match_labels": "matchLabels",
    },
)
class GrafanaDashboardSpecInstanceSelector:
    def __init__(
        self,
        *,
        match_expressions: typing.Optional[typing.Sequence[typing.Union["GrafanaDashboardSpecInstanceSelectorMatchExpressions", typing.Dict[builtins.str, typing.Any]]]] = None,
        match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
    ) -> None:
        '''
        :param match_expressions: 
        :param match_labels: 

        :schema: GrafanaDashboardSpecInstanceSelector
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__38c5f10b844ca77057509772990393755632058f676e496b4caf5eeb16bfb08e)
            check_type(argname="argument match_expressions", value=match_expressions, expected_type=type_hints["match_expressions"])
            check_type(argname="argument match_labels", value=match_labels, expected_type=type_hints["match_labels"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if match_expressions is not None:
            self._values["match_expressions"] = match_expressions
        if match_labels is not None:
            self._values["match_labels"] = match_labels

    @builtins.property
    def match_expressions(
        self,
    ) -> typing.Optional[typing.List["GrafanaDashboardSpecInstanceSelectorMatchExpressions"]]:
        '''
        :schema: GrafanaDashboardSpecInstanceSelector#matchExpressions
        '''
        result = self._values.get("match_expressions")
        return typing.cast(typing.Optional[typing.List["GrafanaDashboardSpecInstanceSelectorMatchExpressions"]], result)

    @builtins.property
    def match_labels(
        self,
    ) -> typing.Optional[typing.Mapping[builtins.str, builtins.str]]:
        '''
        :schema: GrafanaDashboardSpecInstanceSelector#matchLabels
        '''
        result = self._values.get("match_labels")
        return typing.cast(typing.Optional[typing.Mapping[builtins.str, builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDashboardSpecInstanceSelector(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDashboardSpecInstanceSelectorMatchExpressions",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "operator": "operator", "values": "values"},
)
class GrafanaDashboardSpecInstanceSelectorMatchExpressions:
    def __init__(
        self,
        *,
        key: builtins.str,
        operator: builtins.str,
        values: typing.Optional[typing.Sequence[builtins.str]] = None,
    ) -> None:
        '''
        :param key: 
        :param operator: 
        :param values: 

        :schema: GrafanaDashboardSpecInstanceSelectorMatchExpressions
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__ebe16c01712589d2a1920d5df8e77c9546e5345ba5d76cabd847ac582ee3bb11)
            check_type(argname="argument key", value=key, expected_type=type_hints["key"])
            check_type(argname="argument operator", value=operator, expected_type=type_hints["operator"])
            check_type(argname="argument values", value=values, expected_type=type_hints["values"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "key": key,
            "operator": operator,
        }
        if values is not None:
            self._values["values"] = values

    @builtins.property
    def key(self) -> builtins.str:
        '''
        :schema: GrafanaDashboardSpecInstanceSelectorMatchExpressions#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def operator(self) -> builtins.str:
        '''
        :schema: GrafanaDashboardSpecInstanceSelectorMatchExpressions#operator
        '''
        result = self._values.get("operator")
        assert result is not None, "Required property 'operator' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def values(self) -> typing.Optional[typing.List[builtins.str]]:
        '''
        :schema: GrafanaDashboardSpecInstanceSelectorMatchExpressions#values
        '''
        result = self._values.get("values")
        return typing.cast(typing.Optional[typing.List[builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDashboardSpecInstanceSelectorMatchExpressions(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDashboardSpecPlugins",
    jsii_struct_bases=[],
    name_mapping={"name": "name", "version": "version"},
)
class GrafanaDashboardSpecPlugins:
    def __init__(self, *, name: builtins.str, version: builtins.str) -> None:
        '''
        :param name: 
        :param version: 

        :schema: GrafanaDashboardSpecPlugins
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__9ffb309e0b332e3479321eed4ca3423b598f0037e90f367a29cc57d150ae689b)
            check_type(argname="argument name", value=name, expected_type=type_hints["name"])
            check_type(argname="argument version", value=version, expected_type=type_hints["version"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "name": name,
            "version": version,
        }

    @builtins.property
    def name(self) -> builtins.str:
        '''
        :schema: GrafanaDashboardSpecPlugins#name
        '''
        result = self._values.get("name")
        assert result is not None, "Required property 'name' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def version(self) -> builtins.str:
        '''
        :schema: GrafanaDashboardSpecPlugins#version
        '''
        result = self._values.get("version")
        assert result is not None, "Required property 'version' is missing"
        return typing.cast(builtins.str, result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDashboardSpecPlugins(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


class GrafanaDatasource(
    _cdk8s_d3d9af27.ApiObject,
    metaclass=jsii.JSIIMeta,
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDatasource",
):
    '''
    :schema: GrafanaDatasource
    '''

    def __init__(
        self,
        scope: "_constructs_77d1e7e8.Construct",
        id: builtins.str,
        *,
        spec: typing.Union["GrafanaDatasourceSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''Defines a "GrafanaDatasource" API object.

        :param scope: the scope in which to define this object.
        :param id: a scope-local name for the object.
        :param spec: 
        :param metadata: 
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__f88e02977652c9c1d9243e7ad6d0e8a3899916086001b74ebf22eda19429d631)
            check_type(argname="argument scope", value=scope, expected_type=type_hints["scope"])
            check_type(argname="argument id", value=id, expected_type=type_hints["id"])
        props = GrafanaDatasourceProps(spec=spec, metadata=metadata)

        jsii.create(self.__class__, self, [scope, id, props])

    @jsii.member(jsii_name="manifest")
    @builtins.classmethod
    def manifest(
        cls,
        *,
        spec: typing.Union["GrafanaDatasourceSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> typing.Any:
        '''Renders a Kubernetes manifest for "GrafanaDatasource".

        This can be used to inline resource manifests inside other objects (e.g. as templates).

        :param spec: 
        :param metadata: 
        '''
        props = GrafanaDatasourceProps(spec=spec, metadata=metadata)

        return typing.cast(typing.Any, jsii.sinvoke(cls, "manifest", [props]))

    @jsii.member(jsii_name="toJson")
    def to_json(self) -> typing.Any:
        '''Renders the object to Kubernetes JSON.'''
        return typing.cast(typing.Any, jsii.invoke(self, "toJson", []))

    @jsii.python.classproperty
    @jsii.member(jsii_name="GVK")
    def GVK(cls) -> "_cdk8s_d3d9af27.GroupVersionKind":
        '''Returns the apiVersion and kind for "GrafanaDatasource".'''
        return typing.cast("_cdk8s_d3d9af27.GroupVersionKind", jsii.sget(cls, "GVK"))


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDatasourceProps",
    jsii_struct_bases=[],
    name_mapping={"spec": "spec", "metadata": "metadata"},
)
class GrafanaDatasourceProps:
    def __init__(
        self,
        *,
        spec: typing.Union["GrafanaDatasourceSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param spec: 
        :param metadata: 

        :schema: GrafanaDatasource
        '''
        if isinstance(spec, dict):
            spec = GrafanaDatasourceSpec(**spec)
        if isinstance(metadata, dict):
            metadata = _cdk8s_d3d9af27.ApiObjectMetadata(**metadata)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__e49c74253bbea00ddd26579448d4a54a2a19b023c77000930663b3185e1f9c4c)
            check_type(argname="argument spec", value=spec, expected_type=type_hints["spec"])
            check_type(argname="argument metadata", value=metadata, expected_type=type_hints["metadata"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "spec": spec,
        }
        if metadata is not None:
            self._values["metadata"] = metadata

    @builtins.property
    def spec(self) -> "GrafanaDatasourceSpec":
        '''
        :schema: GrafanaDatasource#spec
        '''
        result = self._values.get("spec")
        assert result is not None, "Required property 'spec' is missing"
        return typing.cast("GrafanaDatasourceSpec", result)

    @builtins.property
    def metadata(self) -> typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"]:
        '''
        :schema: GrafanaDatasource#metadata
        '''
        result = self._values.get("metadata")
        return typing.cast(typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDatasourceProps(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDatasourceSpec",
    jsii_struct_bases=[],
    name_mapping={
        "datasource": "datasource",
        "instance_selector": "instanceSelector",
        "allow_cross_namespace_import": "allowCrossNamespaceImport",
        "plugins": "plugins",
        "resync_period": "resyncPeriod",
        "suspend": "suspend",
        "uid": "uid",
        "values_from": "valuesFrom",
    },
)
class GrafanaDatasourceSpec:
    def __init__(
        self,
        *,
        datasource: typing.Union["GrafanaDatasourceSpecDatasource", typing.Dict[builtins.str, typing.Any]],
        instance_selector: typing.Union["GrafanaDatasourceSpecInstanceSelector", typing.Dict[builtins.str, typing.Any]],
        allow_cross_namespace_import: typing.Optional[builtins.bool] = None,
        plugins: typing.Optional[typing.Sequence[typing.Union["GrafanaDatasourceSpecPlugins", typing.Dict[builtins.str, typing.Any]]]] = None,
        resync_period: typing.Optional[builtins.str] = None,
        suspend: typing.Optional[builtins.bool] = None,
        uid: typing.Optional[builtins.str] = None,
        values_from: typing.Optional[typing.Sequence[typing.Union["GrafanaDatasourceSpecValuesFrom", typing.Dict[builtins.str, typing.Any]]]] = None,
    ) -> None:
        '''
        :param datasource: 
        :param instance_selector: 
        :param allow_cross_namespace_import: 
        :param plugins: 
        :param resync_period: 
        :param suspend: 
        :param uid: 
        :param values_from: 

        :schema: GrafanaDatasourceSpec
        '''
        if isinstance(datasource, dict):
            datasource = GrafanaDatasourceSpecDatasource(**datasource)
        if isinstance(instance_selector, dict):
            instance_selector = GrafanaDatasourceSpecInstanceSelector(**instance_selector)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__dcbe2da3d0430d93d9dcac1bd8625e4cd134cc902771fb2a0e7770793a70e7d7)
            check_type(argname="argument datasource", value=datasource, expected_type=type_hints["datasource"])
            check_type(argname="argument instance_selector", value=instance_selector, expected_type=type_hints["instance_selector"])
            check_type(argname="argument allow_cross_namespace_import", value=allow_cross_namespace_import, expected_type=type_hints["allow_cross_namespace_import"])
            check_type(argname="argument plugins", value=plugins, expected_type=type_hints["plugins"])
            check_type(argname="argument resync_period", value=resync_period, expected_type=type_hints["resync_period"])
            check_type(argname="argument suspend", value=suspend, expected_type=type_hints["suspend"])
            check_type(argname="argument uid", value=uid, expected_type=type_hints["uid"])
            check_type(argname="argument values_from", value=values_from, expected_type=type_hints["values_from"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "datasource": datasource,
            "instance_selector": instance_selector,
        }
        if allow_cross_namespace_import is not None:
            self._values["allow_cross_namespace_import"] = allow_cross_namespace_import
        if plugins is not None:
            self._values["plugins"] = plugins
        if resync_period is not None:
            self._values["resync_period"] = resync_period
        if suspend is not None:
            self._values["suspend"] = suspend
        if uid is not None:
            self._values["uid"] = uid
        if values_from is not None:
            self._values["values_from"] = values_from

    @builtins.property
    def datasource(self) -> "GrafanaDatasourceSpecDatasource":
        '''
        :schema: GrafanaDatasourceSpec#datasource
        '''
        result = self._values.get("datasource")
        assert result is not None, "Required property 'datasource' is missing"
        return typing.cast("GrafanaDatasourceSpecDatasource", result)

    @builtins.property
    def instance_selector(self) -> "GrafanaDatasourceSpecInstanceSelector":
        '''
        :schema: GrafanaDatasourceSpec#instanceSelector
        '''
        result = self._values.get("instance_selector")
        assert result is not None, "Required property 'instance_selector' is missing"
        return typing.cast("GrafanaDatasourceSpecInstanceSelector", result)

    @builtins.property
    def allow_cross_namespace_import(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaDatasourceSpec#allowCrossNamespaceImport
        '''
        result = self._values.get("allow_cross_namespace_import")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def plugins(self) -> typing.Optional[typing.List["GrafanaDatasourceSpecPlugins"]]:
        '''
        :schema: GrafanaDatasourceSpec#plugins
        '''
        result = self._values.get("plugins")
        return typing.cast(typing.Optional[typing.List["GrafanaDatasourceSpecPlugins"]], result)

    @builtins.property
    def resync_period(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDatasourceSpec#resyncPeriod
        '''
        result = self._values.get("resync_period")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def suspend(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaDatasourceSpec#suspend
        '''
        result = self._values.get("suspend")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def uid(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDatasourceSpec#uid
        '''
        result = self._values.get("uid")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def values_from(
        self,
    ) -> typing.Optional[typing.List["GrafanaDatasourceSpecValuesFrom"]]:
        '''
        :schema: GrafanaDatasourceSpec#valuesFrom
        '''
        result = self._values.get("values_from")
        return typing.cast(typing.Optional[typing.List["GrafanaDatasourceSpecValuesFrom"]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDatasourceSpec(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDatasourceSpecDatasource",
    jsii_struct_bases=[],
    name_mapping={
        "access": "access",
        "basic_auth": "basicAuth",
        "basic_auth_user": "basicAuthUser",
        "database": "database",
        "editable": "editable",
        "is_default": "isDefault",
        "json_data": "jsonData",
        "name": "name",
        "org_id": "orgId",
        "secure_json_data": "secureJsonData",
        "type": "type",
        "uid": "uid",
        "url": "url",
        "user": "user",
    },
)
class GrafanaDatasourceSpecDatasource:
    def __init__(
        self,
        *,
        access: typing.Optional[builtins.str] = None,
        basic_auth: typing.Optional[builtins.bool] = None,
        basic_auth_user: typing.Optional[builtins.str] = None,
        database: typing.Optional[builtins.str] = None,
        editable: typing.Optional[builtins.bool] = None,
        is_default: typing.Optional[builtins.bool] = None,
        json_data: typing.Any = None,
        name: typing.Optional[builtins.str] = None,
        org_id: typing.Optional[jsii.Number] = None,
        secure_json_data: typing.Any = None,
        type: typing.Optional[builtins.str] = None,
        uid: typing.Optional[builtins.str] = None,
        url: typing.Optional[builtins.str] = None,
        user: typing.Optional[builtins.str] = None,
    ) -> None:
        '''
        :param access: 
        :param basic_auth: 
        :param basic_auth_user: 
        :param database: 
        :param editable: 
        :param is_default: 
        :param json_data: 
        :param name: 
        :param org_id: 
        :param secure_json_data: 
        :param type: 
        :param uid: 
        :param url: 
        :param user: 

        :schema: GrafanaDatasourceSpecDatasource
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__2c751142c541c9fb9ef10db9c626be524a6f6c86642dc4c5b9d5d318b7b566da)
            check_type(argname="argument access", value=access, expected_type=type_hints["access"])
            check_type(argname="argument basic_auth", value=basic_auth, expected_type=type_hints["basic_auth"])
            check_type(argname="argument basic_auth_user", value=basic_auth_user, expected_type=type_hints["basic_auth_user"])
            check_type(argname="argument database", value=database, expected_type=type_hints["database"])
            check_type(argname="argument editable", value=editable, expected_type=type_hints["editable"])
            check_type(argname="argument is_default", value=is_default, expected_type=type_hints["is_default"])
            check_type(argname="argument json_data", value=json_data, expected_type=type_hints["json_data"])
            check_type(argname="argument name", value=name, expected_type=type_hints["name"])
            check_type(argname="argument org_id", value=org_id, expected_type=type_hints["org_id"])
            check_type(argname="argument secure_json_data", value=secure_json_data, expected_type=type_hints["secure_json_data"])
            check_type(argname="argument type", value=type, expected_type=type_hints["type"])
            check_type(argname="argument uid", value=uid, expected_type=type_hints["uid"])
            check_type(argname="argument url", value=url, expected_type=type_hints["url"])
            check_type(argname="argument user", value=user, expected_type=type_hints["user"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if access is not None:
            self._values["access"] = access
        if basic_auth is not None:
            self._values["basic_auth"] = basic_auth
        if basic_auth_user is not None:
            self._values["basic_auth_user"] = basic_auth_user
        if database is not None:
            self._values["database"] = database
        if editable is not None:
            self._values["editable"] = editable
        if is_default is not None:
            self._values["is_default"] = is_default
        if json_data is not None:
            self._values["json_data"] = json_data
        if name is not None:
            self._values["name"] = name
        if org_id is not None:
            self._values["org_id"] = org_id
        if secure_json_data is not None:
            self._values["secure_json_data"] = secure_json_data
        if type is not None:
            self._values["type"] = type
        if uid is not None:
            self._values["uid"] = uid
        if url is not None:
            self._values["url"] = url
        if user is not None:
            self._values["user"] = user

    @builtins.property
    def access(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDatasourceSpecDatasource#access
        '''
        result = self._values.get("access")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def basic_auth(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaDatasourceSpecDatasource#basicAuth
        '''
        result = self._values.get("basic_auth")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def basic_auth_user(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDatasourceSpecDatasource#basicAuthUser
        '''
        result = self._values.get("basic_auth_user")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def database(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDatasourceSpecDatasource#database
        '''
        result = self._values.get("database")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def editable(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaDatasourceSpecDatasource#editable
        '''
        result = self._values.get("editable")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def is_default(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaDatasourceSpecDatasource#isDefault
        '''
        result = self._values.get("is_default")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def json_data(self) -> typing.Any:
        '''
        :schema: GrafanaDatasourceSpecDatasource#jsonData
        '''
        result = self._values.get("json_data")
        return typing.cast(typing.Any, result)

    @builtins.property
    def name(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDatasourceSpecDatasource#name
        '''
        result = self._values.get("name")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def org_id(self) -> typing.Optional[jsii.Number]:
        '''
        :schema: GrafanaDatasourceSpecDatasource#orgId
        '''
        result = self._values.get("org_id")
        return typing.cast(typing.Optional[jsii.Number], result)

    @builtins.property
    def secure_json_data(self) -> typing.Any:
        '''
        :schema: GrafanaDatasourceSpecDatasource#secureJsonData
        '''
        result = self._values.get("secure_json_data")
        return typing.cast(typing.Any, result)

    @builtins.property
    def type(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDatasourceSpecDatasource#type
        '''
        result = self._values.get("type")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def uid(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDatasourceSpecDatasource#uid
        '''
        result = self._values.get("uid")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def url(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDatasourceSpecDatasource#url
        '''
        result = self._values.get("url")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def user(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDatasourceSpecDatasource#user
        '''
        result = self._values.get("user")
        return typing.cast(typing.Optional[builtins.str], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDatasourceSpecDatasource(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDatasourceSpecInstanceSelector",
    jsii_struct_bases=[],
    name_mapping={
        "match_expressions": "matchExpressions",
        "match_labels": "matchLabels",
    },
)
class GrafanaDatasourceSpecInstanceSelector:
    def __init__(
        self,
        *,
        match_expressions: typing.Optional[typing.Sequence[typing.Union["GrafanaDatasourceSpecInstanceSelectorMatchExpressions", typing.Dict[builtins.str, typing.Any]]]] = None,
        match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
    ) -> None:
        '''
        :param match_expressions: 
        :param match_labels: 

        :schema: GrafanaDatasourceSpecInstanceSelector
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__309dd958779b24e20a88c868f4ab2d9ac5ac3e1b8d80a433e45e212f9e595d7e)
            check_type(argname="argument match_expressions", value=match_expressions, expected_type=type_hints["match_expressions"])
            check_type(argname="argument match_labels", value=match_labels, expected_type=type_hints["match_labels"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if match_expressions is not None:
            self._values["match_expressions"] = match_expressions
        if match_labels is not None:
            self._values["match_labels"] = match_labels

    @builtins.property
    def match_expressions(
        self,
    ) -> typing.Optional[typing.List["GrafanaDatasourceSpecInstanceSelectorMatchExpressions"]]:
        '''
        :schema: GrafanaDatasourceSpecInstanceSelector#matchExpressions
        '''
        result = self._values.get("match_expressions")
        return typing.cast(typing.Optional[typing.List["GrafanaDatasourceSpecInstanceSelectorMatchExpressions"]], result)

    @builtins.property
    def match_labels(
        self,
    ) -> typing.Optional[typing.Mapping[builtins.str, builtins.str]]:
        '''
        :schema: GrafanaDatasourceSpecInstanceSelector#matchLabels
        '''
        result = self._values.get("match_labels")
        return typing.cast(typing.Optional[typing.Mapping[builtins.str, builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDatasourceSpecInstanceSelector(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDatasourceSpecInstanceSelectorMatchExpressions",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "operator": "operator", "values": "values"},
)
class GrafanaDatasourceSpecInstanceSelectorMatchExpressions:
    def __init__(
        self,
        *,
        key: builtins.str,
        operator: builtins.str,
        values: typing.Optional[typing.Sequence[builtins.str]] = None,
    ) -> None:
        '''
        :param key: 
        :param operator: 
        :param values: 

        :schema: GrafanaDatasourceSpecInstanceSelectorMatchExpressions
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__d4202f17939a4cfc86b2c86ba509dd81d704363f99b4e74687d10c84eaec95a1)
            check_type(argname="argument key", value=key, expected_type=type_hints["key"])
            check_type(argname="argument operator", value=operator, expected_type=type_hints["operator"])
            check_type(argname="argument values", value=values, expected_type=type_hints["values"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "key": key,
            "operator": operator,
        }
        if values is not None:
            self._values["values"] = values

    @builtins.property
    def key(self) -> builtins.str:
        '''
        :schema: GrafanaDatasourceSpecInstanceSelectorMatchExpressions#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def operator(self) -> builtins.str:
        '''
        :schema: GrafanaDatasourceSpecInstanceSelectorMatchExpressions#operator
        '''
        result = self._values.get("operator")
        assert result is not None, "Required property 'operator' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def values(self) -> typing.Optional[typing.List[builtins.str]]:
        '''
        :schema: GrafanaDatasourceSpecInstanceSelectorMatchExpressions#values
        '''
        result = self._values.get("values")
        return typing.cast(typing.Optional[typing.List[builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDatasourceSpecInstanceSelectorMatchExpressions(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDatasourceSpecPlugins",
    jsii_struct_bases=[],
    name_mapping={"name": "name", "version": "version"},
)
class GrafanaDatasourceSpecPlugins:
    def __init__(self, *, name: builtins.str, version: builtins.str) -> None:
        '''
        :param name: 
        :param version: 

        :schema: GrafanaDatasourceSpecPlugins
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__8d7ac6ac833e9aef9ddd7f17960f12c841ed97f9c3424d2de9a64473929caa7e)
            check_type(argname="argument name", value=name, expected_type=type_hints["name"])
            check_type(argname="argument version", value=version, expected_type=type_hints["version"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "name": name,
            "version": version,
        }

    @builtins.property
    def name(self) -> builtins.str:
        '''
        :schema: GrafanaDatasourceSpecPlugins#name
        '''
        result = self._values.get("name")
        assert result is not None, "Required property 'name' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def version(self) -> builtins.str:
        '''
        :schema: GrafanaDatasourceSpecPlugins#version
        '''
        result = self._values.get("version")
        assert result is not None, "Required property 'version' is missing"
        return typing.cast(builtins.str, result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDatasourceSpecPlugins(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDatasourceSpecValuesFrom",
    jsii_struct_bases=[],
    name_mapping={"target_path": "targetPath", "value_from": "valueFrom"},
)
class GrafanaDatasourceSpecValuesFrom:
    def __init__(
        self,
        *,
        target_path: builtins.str,
        value_from: typing.Union["GrafanaDatasourceSpecValuesFromValueFrom", typing.Dict[builtins.str, typing.Any]],
    ) -> None:
        '''
        :param target_path: 
        :param value_from: 

        :schema: GrafanaDatasourceSpecValuesFrom
        '''
        if isinstance(value_from, dict):
            value_from = GrafanaDatasourceSpecValuesFromValueFrom(**value_from)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__07ebc6e2c2a46132334dc9f7f8c5e184fe162bd94d3b6557d7b2bc4992c358aa)
            check_type(argname="argument target_path", value=target_path, expected_type=type_hints["target_path"])
            check_type(argname="argument value_from", value=value_from, expected_type=type_hints["value_from"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "target_path": target_path,
            "value_from": value_from,
        }

    @builtins.property
    def target_path(self) -> builtins.str:
        '''
        :schema: GrafanaDatasourceSpecValuesFrom#targetPath
        '''
        result = self._values.get("target_path")
        assert result is not None, "Required property 'target_path' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def value_from(self) -> "GrafanaDatasourceSpecValuesFromValueFrom":
        '''
        :schema: GrafanaDatasourceSpecValuesFrom#valueFrom
        '''
        result = self._values.get("value_from")
        assert result is not None, "Required property 'value_from' is missing"
        return typing.cast("GrafanaDatasourceSpecValuesFromValueFrom", result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDatasourceSpecValuesFrom(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDatasourceSpecValuesFromValueFrom",
    jsii_struct_bases=[],
    name_mapping={
        "config_map_key_ref": "configMapKeyRef",
        "secret_key_ref": "secretKeyRef",
    },
)
class GrafanaDatasourceSpecValuesFromValueFrom:
    def __init__(
        self,
        *,
        config_map_key_ref: typing.Optional[typing.Union["GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef", typing.Dict[builtins.str, typing.Any]]] = None,
        secret_key_ref: typing.Optional[typing.Union["GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param config_map_key_ref: 
        :param secret_key_ref: 

        :schema: GrafanaDatasourceSpecValuesFromValueFrom
        '''
        if isinstance(config_map_key_ref, dict):
            config_map_key_ref = GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef(**config_map_key_ref)
        if isinstance(secret_key_ref, dict):
            secret_key_ref = GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef(**secret_key_ref)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__30d7ab43f5b99e76175db27475da5fad4dd8eb18af43f4ba3a93c8d940daf2a2)
            check_type(argname="argument config_map_key_ref", value=config_map_key_ref, expected_type=type_hints["config_map_key_ref"])
            check_type(argname="argument secret_key_ref", value=secret_key_ref, expected_type=type_hints["secret_key_ref"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if config_map_key_ref is not None:
            self._values["config_map_key_ref"] = config_map_key_ref
        if secret_key_ref is not None:
            self._values["secret_key_ref"] = secret_key_ref

    @builtins.property
    def config_map_key_ref(
        self,
    ) -> typing.Optional["GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef"]:
        '''
        :schema: GrafanaDatasourceSpecValuesFromValueFrom#configMapKeyRef
        '''
        result = self._values.get("config_map_key_ref")
        return typing.cast(typing.Optional["GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef"], result)

    @builtins.property
    def secret_key_ref(
        self,
    ) -> typing.Optional["GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef"]:
        '''
        :schema: GrafanaDatasourceSpecValuesFromValueFrom#secretKeyRef
        '''
        result = self._values.get("secret_key_ref")
        return typing.cast(typing.Optional["GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDatasourceSpecValuesFromValueFrom(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "name": "name", "optional": "optional"},
)
class GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef:
    def __init__(
        self,
        *,
        key: builtins.str,
        name: typing.Optional[builtins.str] = None,
        optional: typing.Optional[builtins.bool] = None,
    ) -> None:
        '''
        :param key: 
        :param name: 
        :param optional: 

        :schema: GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__adbac84203572c2568759204a6c3eaf0d3e51dc9daf2446cd6c57991581cdbe3)
            check_type(argname="argument key", value=key, expected_type=type_hints["key"])
            check_type(argname="argument name", value=name, expected_type=type_hints["name"])
            check_type(argname="argument optional", value=optional, expected_type=type_hints["optional"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "key": key,
        }
        if name is not None:
            self._values["name"] = name
        if optional is not None:
            self._values["optional"] = optional

    @builtins.property
    def key(self) -> builtins.str:
        '''
        :schema: GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def name(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef#name
        '''
        result = self._values.get("name")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def optional(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef#optional
        '''
        result = self._values.get("optional")
        return typing.cast(typing.Optional[builtins.bool], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "name": "name", "optional": "optional"},
)
class GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef:
    def __init__(
        self,
        *,
        key: builtins.str,
        name: typing.Optional[builtins.str] = None,
        optional: typing.Optional[builtins.bool] = None,
    ) -> None:
        '''
        :param key: 
        :param name: 
        :param optional: 

        :schema: GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__1498779cbc10d451527d9a52f38c03cdce8e95a58cdf20fdf3a00bd5ffd6795d)
            check_type(argname="argument key", value=key, expected_type=type_hints["key"])
            check_type(argname="argument name", value=name, expected_type=type_hints["name"])
            check_type(argname="argument optional", value=optional, expected_type=type_hints["optional"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "key": key,
        }
        if name is not None:
            self._values["name"] = name
        if optional is not None:
            self._values["optional"] = optional

    @builtins.property
    def key(self) -> builtins.str:
        '''
        :schema: GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def name(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef#name
        '''
        result = self._values.get("name")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def optional(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef#optional
        '''
        result = self._values.get("optional")
        return typing.cast(typing.Optional[builtins.bool], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


class GrafanaFolder(
    _cdk8s_d3d9af27.ApiObject,
    metaclass=jsii.JSIIMeta,
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaFolder",
):
    '''
    :schema: GrafanaFolder
    '''

    def __init__(
        self,
        scope: "_constructs_77d1e7e8.Construct",
        id: builtins.str,
        *,
        spec: typing.Union["GrafanaFolderSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''Defines a "GrafanaFolder" API object.

        :param scope: the scope in which to define this object.
        :param id: a scope-local name for the object.
        :param spec: 
        :param metadata: 
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__26910653332e2b38ff0ec78d3dc7b798895e0eb4250a5a1dac5ac56e33001953)
            check_type(argname="argument scope", value=scope, expected_type=type_hints["scope"])
            check_type(argname="argument id", value=id, expected_type=type_hints["id"])
        props = GrafanaFolderProps(spec=spec, metadata=metadata)

        jsii.create(self.__class__, self, [scope, id, props])

    @jsii.member(jsii_name="manifest")
    @builtins.classmethod
    def manifest(
        cls,
        *,
        spec: typing.Union["GrafanaFolderSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> typing.Any:
        '''Renders a Kubernetes manifest for "GrafanaFolder".

        This can be used to inline resource manifests inside other objects (e.g. as templates).

        :param spec: 
        :param metadata: 
        '''
        props = GrafanaFolderProps(spec=spec, metadata=metadata)

        return typing.cast(typing.Any, jsii.sinvoke(cls, "manifest", [props]))

    @jsii.member(jsii_name="toJson")
    def to_json(self) -> typing.Any:
        '''Renders the object to Kubernetes JSON.'''
        return typing.cast(typing.Any, jsii.invoke(self, "toJson", []))

    @jsii.python.classproperty
    @jsii.member(jsii_name="GVK")
    def GVK(cls) -> "_cdk8s_d3d9af27.GroupVersionKind":
        '''Returns the apiVersion and kind for "GrafanaFolder".'''
        return typing.cast("_cdk8s_d3d9af27.GroupVersionKind", jsii.sget(cls, "GVK"))


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaFolderProps",
    jsii_struct_bases=[],
    name_mapping={"spec": "spec", "metadata": "metadata"},
)
class GrafanaFolderProps:
    def __init__(
        self,
        *,
        spec: typing.Union["GrafanaFolderSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param spec: 
        :param metadata: 

        :schema: GrafanaFolder
        '''
        if isinstance(spec, dict):
            spec = GrafanaFolderSpec(**spec)
        if isinstance(metadata, dict):
            metadata = _cdk8s_d3d9af27.ApiObjectMetadata(**metadata)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__3b4fc019c8a1a19126fa9c0c266bad0c9b897cf2b23abcd4dfeb9c61001fd645)
            check_type(argname="argument spec", value=spec, expected_type=type_hints["spec"])
            check_type(argname="argument metadata", value=metadata, expected_type=type_hints["metadata"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "spec": spec,
        }
        if metadata is not None:
            self._values["metadata"] = metadata

    @builtins.property
    def spec(self) -> "GrafanaFolderSpec":
        '''
        :schema: GrafanaFolder#spec
        '''
        result = self._values.get("spec")
        assert result is not None, "Required property 'spec' is missing"
        return typing.cast("GrafanaFolderSpec", result)

    @builtins.property
    def metadata(self) -> typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"]:
        '''
        :schema: GrafanaFolder#metadata
        '''
        result = self._values.get("metadata")
        return typing.cast(typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaFolderProps(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaFolderSpec",
    jsii_struct_bases=[],
    name_mapping={
        "instance_selector": "instanceSelector",
        "allow_cross_namespace_import": "allowCrossNamespaceImport",
        "parent_folder_ref": "parentFolderRef",
        "parent_folder_uid": "parentFolderUid",
        "permissions": "permissions",
        "resync_period": "resyncPeriod",
        "suspend": "suspend",
        "title": "title",
        "uid": "uid",
    },
)
class GrafanaFolderSpec:
    def __init__(
        self,
        *,
        instance_selector: typing.Union["GrafanaFolderSpecInstanceSelector", typing.Dict[builtins.str, typing.Any]],
        allow_cross_namespace_import: typing.Optional[builtins.bool] = None,
        parent_folder_ref: typing.Optional[builtins.str] = None,
        parent_folder_uid: typing.Optional[builtins.str] = None,
        permissions: typing.Optional[builtins.str] = None,
        resync_period: typing.Optional[builtins.str] = None,
        suspend: typing.Optional[builtins.bool] = None,
        title: typing.Optional[builtins.str] = None,
        uid: typing.Optional[builtins.str] = None,
    ) -> None:
        '''
        :param instance_selector: 
        :param allow_cross_namespace_import: 
        :param parent_folder_ref: 
        :param parent_folder_uid: 
        :param permissions: 
        :param resync_period: 
        :param suspend: 
        :param title: 
        :param uid: 

        :schema: GrafanaFolderSpec
        '''
        if isinstance(instance_selector, dict):
            instance_selector = GrafanaFolderSpecInstanceSelector(**instance_selector)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__e9fed73546fd4a8fd4e2284cc712c8826db3da8bba7cf512076f010e3a63e17b)
            check_type(argname="argument instance_selector", value=instance_selector, expected_type=type_hints["instance_selector"])
            check_type(argname="argument allow_cross_namespace_import", value=allow_cross_namespace_import, expected_type=type_hints["allow_cross_namespace_import"])
            check_type(argname="argument parent_folder_ref", value=parent_folder_ref, expected_type=type_hints["parent_folder_ref"])
            check_type(argname="argument parent_folder_uid", value=parent_folder_uid, expected_type=type_hints["parent_folder_uid"])
            check_type(argname="argument permissions", value=permissions, expected_type=type_hints["permissions"])
            check_type(argname="argument resync_period", value=resync_period, expected_type=type_hints["resync_period"])
            check_type(argname="argument suspend", value=suspend, expected_type=type_hints["suspend"])
            check_type(argname="argument title", value=title, expected_type=type_hints["title"])
            check_type(argname="argument uid", value=uid, expected_type=type_hints["uid"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "instance_selector": instance_selector,
        }
        if allow_cross_namespace_import is not None:
            self._values["allow_cross_namespace_import"] = allow_cross_namespace_import
        if parent_folder_ref is not None:
            self._values["parent_folder_ref"] = parent_folder_ref
        if parent_folder_uid is not None:
            self._values["parent_folder_uid"] = parent_folder_uid
        if permissions is not None:
            self._values["permissions"] = permissions
        if resync_period is not None:
            self._values["resync_period"] = resync_period
        if suspend is not None:
            self._values["suspend"] = suspend
        if title is not None:
            self._values["title"] = title
        if uid is not None:
            self._values["uid"] = uid

    @builtins.property
    def instance_selector(self) -> "GrafanaFolderSpecInstanceSelector":
        '''
        :schema: GrafanaFolderSpec#instanceSelector
        '''
        result = self._values.get("instance_selector")
        assert result is not None, "Required property 'instance_selector' is missing"
        return typing.cast("GrafanaFolderSpecInstanceSelector", result)

    @builtins.property
    def allow_cross_namespace_import(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaFolderSpec#allowCrossNamespaceImport
        '''
        result = self._values.get("allow_cross_namespace_import")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def parent_folder_ref(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaFolderSpec#parentFolderRef
        '''
        result = self._values.get("parent_folder_ref")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def parent_folder_uid(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaFolderSpec#parentFolderUID
        '''
        result = self._values.get("parent_folder_uid")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def permissions(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaFolderSpec#permissions
        '''
        result = self._values.get("permissions")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def resync_period(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaFolderSpec#resyncPeriod
        '''
        result = self._values.get("resync_period")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def suspend(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaFolderSpec#suspend
        '''
        result = self._values.get("suspend")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def title(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaFolderSpec#title
        '''
        result = self._values.get("title")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def uid(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaFolderSpec#uid
        '''
        result = self._values.get("uid")
        return typing.cast(typing.Optional[builtins.str], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaFolderSpec(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaFolderSpecInstanceSelector",
    jsii_struct_bases=[],
    name_mapping={
        "match_expressions": "matchExpressions",
        "match_labels": "matchLabels",
    },
)
class GrafanaFolderSpecInstanceSelector:
    def __init__(
        self,
        *,
        match_expressions: typing.Optional[typing.Sequence[typing.Union["GrafanaFolderSpecInstanceSelectorMatchExpressions", typing.Dict[builtins.str, typing.Any]]]] = None,
        match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
    ) -> None:
        '''
        :param match_expressions: 
        :param match_labels: 

        :schema: GrafanaFolderSpecInstanceSelector
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__8b7bf02ab8a56d1970bffcb5b7c84aacf020074cb1d73b4ca07b92b71db1ba56)
            check_type(argname="argument match_expressions", value=match_expressions, expected_type=type_hints["match_expressions"])
            check_type(argname="argument match_labels", value=match_labels, expected_type=type_hints["match_labels"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if match_expressions is not None:
            self._values["match_expressions"] = match_expressions
        if match_labels is not None:
            self._values["match_labels"] = match_labels

    @builtins.property
    def match_expressions(
        self,
    ) -> typing.Optional[typing.List["GrafanaFolderSpecInstanceSelectorMatchExpressions"]]:
        '''
        :schema: GrafanaFolderSpecInstanceSelector#matchExpressions
        '''
        result = self._values.get("match_expressions")
        return typing.cast(typing.Optional[typing.List["GrafanaFolderSpecInstanceSelectorMatchExpressions"]], result)

    @builtins.property
    def match_labels(
        self,
    ) -> typing.Optional[typing.Mapping[builtins.str, builtins.str]]:
        '''
        :schema: GrafanaFolderSpecInstanceSelector#matchLabels
        '''
        result = self._values.get("match_labels")
        return typing.cast(typing.Optional[typing.Mapping[builtins.str, builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaFolderSpecInstanceSelector(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaFolderSpecInstanceSelectorMatchExpressions",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "operator": "operator", "values": "values"},
)
class GrafanaFolderSpecInstanceSelectorMatchExpressions:
    def __init__(
        self,
        *,
        key: builtins.str,
        operator: builtins.str,
        values: typing.Optional[typing.Sequence[builtins.str]] = None,
    ) -> None:
        '''
        :param key: 
        :param operator: 
        :param values: 

        :schema: GrafanaFolderSpecInstanceSelectorMatchExpressions
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__9be41a273bb82b29b3f4349ae794c7bc72205cd260ee7aa8bcc82feb075b18f0)
            check_type(argname="argument key", value=key, expected_type=type_hints["key"])
            check_type(argname="argument operator", value=operator, expected_type=type_hints["operator"])
            check_type(argname="argument values", value=values, expected_type=type_hints["values"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "key": key,
            "operator": operator,
        }
        if values is not None:
            self._values["values"] = values

    @builtins.property
    def key(self) -> builtins.str:
        '''
        :schema: GrafanaFolderSpecInstanceSelectorMatchExpressions#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def operator(self) -> builtins.str:
        '''
        :schema: GrafanaFolderSpecInstanceSelectorMatchExpressions#operator
        '''
        result = self._values.get("operator")
        assert result is not None, "Required property 'operator' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def values(self) -> typing.Optional[typing.List[builtins.str]]:
        '''
        :schema: GrafanaFolderSpecInstanceSelectorMatchExpressions#values
        '''
        result = self._values.get("values")
        return typing.cast(typing.Optional[typing.List[builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaFolderSpecInstanceSelectorMatchExpressions(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaProps",
    jsii_struct_bases=[],
    name_mapping={"spec": "spec", "metadata": "metadata"},
)
class GrafanaProps:
    def __init__(
        self,
        *,
        spec: typing.Union["GrafanaSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param spec: 
        :param metadata: 

        :schema: Grafana
        '''
        if isinstance(spec, dict):
            spec = GrafanaSpec(**spec)
        if isinstance(metadata, dict):
            metadata = _cdk8s_d3d9af27.ApiObjectMetadata(**metadata)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__6e0d6de081547cce162dd5c2b19ecf4a7065d10b43d0a44e429f7db97af22743)
            check_type(argname="argument spec", value=spec, expected_type=type_hints["spec"])
            check_type(argname="argument metadata", value=metadata, expected_type=type_hints["metadata"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "spec": spec,
        }
        if metadata is not None:
            self._values["metadata"] = metadata

    @builtins.property
    def spec(self) -> "GrafanaSpec":
        '''
        :schema: Grafana#spec
        '''
        result = self._values.get("spec")
        assert result is not None, "Required property 'spec' is missing"
        return typing.cast("GrafanaSpec", result)

    @builtins.property
    def metadata(self) -> typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"]:
        '''
        :schema: Grafana#metadata
        '''
        result = self._values.get("metadata")
        return typing.cast(typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaProps(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaSpec",
    jsii_struct_bases=[],
    name_mapping={
        "client": "client",
        "external": "external",
        "suspend": "suspend",
        "version": "version",
    },
)
class GrafanaSpec:
    def __init__(
        self,
        *,
        client: typing.Optional[typing.Union["GrafanaSpecClient", typing.Dict[builtins.str, typing.Any]]] = None,
        external: typing.Optional[typing.Union["GrafanaSpecExternal", typing.Dict[builtins.str, typing.Any]]] = None,
        suspend: typing.Optional[builtins.bool] = None,
        version: typing.Optional[builtins.str] = None,
    ) -> None:
        '''
        :param client: 
        :param external: 
        :param suspend: 
        :param version: 

        :schema: GrafanaSpec
        '''
        if isinstance(client, dict):
            client = GrafanaSpecClient(**client)
        if isinstance(external, dict):
            external = GrafanaSpecExternal(**external)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__eb08cf8e4d5f3f7e724d0f473e3c0192a88df9fd496e1bbf1cf26fbbfe6638e4)
            check_type(argname="argument client", value=client, expected_type=type_hints["client"])
            check_type(argname="argument external", value=external, expected_type=type_hints["external"])
            check_type(argname="argument suspend", value=suspend, expected_type=type_hints["suspend"])
            check_type(argname="argument version", value=version, expected_type=type_hints["version"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if client is not None:
            self._values["client"] = client
        if external is not None:
            self._values["external"] = external
        if suspend is not None:
            self._values["suspend"] = suspend
        if version is not None:
            self._values["version"] = version

    @builtins.property
    def client(self) -> typing.Optional["GrafanaSpecClient"]:
        '''
        :schema: GrafanaSpec#client
        '''
        result = self._values.get("client")
        return typing.cast(typing.Optional["GrafanaSpecClient"], result)

    @builtins.property
    def external(self) -> typing.Optional["GrafanaSpecExternal"]:
        '''
        :schema: GrafanaSpec#external
        '''
        result = self._values.get("external")
        return typing.cast(typing.Optional["GrafanaSpecExternal"], result)

    @builtins.property
    def suspend(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaSpec#suspend
        '''
        result = self._values.get("suspend")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def version(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaSpec#version
        '''
        result = self._values.get("version")
        return typing.cast(typing.Optional[builtins.str], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaSpec(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaSpecClient",
    jsii_struct_bases=[],
    name_mapping={
        "headers": "headers",
        "prefer_ingress": "preferIngress",
        "timeout": "timeout",
        "tls": "tls",
    },
)
class GrafanaSpecClient:
    def __init__(
        self,
        *,
        headers: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
        prefer_ingress: typing.Optional[builtins.bool] = None,
        timeout: typing.Optional[jsii.Number] = None,
        tls: typing.Optional[typing.Union["GrafanaSpecClientTls", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param headers: 
        :param prefer_ingress: 
        :param timeout: 
        :param tls: 

        :schema: GrafanaSpecClient
        '''
        if isinstance(tls, dict):
            tls = GrafanaSpecClientTls(**tls)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__daf299aaa24d4f27a13db18bc1a69bca642f03d9b4d9813444bb90f31e22d2cf)
            check_type(argname="argument headers", value=headers, expected_type=type_hints["headers"])
            check_type(argname="argument prefer_ingress", value=prefer_ingress, expected_type=type_hints["prefer_ingress"])
            check_type(argname="argument timeout", value=timeout, expected_type=type_hints["timeout"])
            check_type(argname="argument tls", value=tls, expected_type=type_hints["tls"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if headers is not None:
            self._values["headers"] = headers
        if prefer_ingress is not None:
            self._values["prefer_ingress"] = prefer_ingress
        if timeout is not None:
            self._values["timeout"] = timeout
        if tls is not None:
            self._values["tls"] = tls

    @builtins.property
    def headers(self) -> typing.Optional[typing.Mapping[builtins.str, builtins.str]]:
        '''
        :schema: GrafanaSpecClient#headers
        '''
        result = self._values.get("headers")
        return typing.cast(typing.Optional[typing.Mapping[builtins.str, builtins.str]], result)

    @builtins.property
    def prefer_ingress(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaSpecClient#preferIngress
        '''
        result = self._values.get("prefer_ingress")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def timeout(self) -> typing.Optional[jsii.Number]:
        '''
        :schema: GrafanaSpecClient#timeout
        '''
        result = self._values.get("timeout")
        return typing.cast(typing.Optional[jsii.Number], result)

    @builtins.property
    def tls(self) -> typing.Optional["GrafanaSpecClientTls"]:
        '''
        :schema: GrafanaSpecClient#tls
        '''
        result = self._values.get("tls")
        return typing.cast(typing.Optional["GrafanaSpecClientTls"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaSpecClient(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaSpecClientTls",
    jsii_struct_bases=[],
    name_mapping={
        "cert_secret_ref": "certSecretRef",
        "insecure_skip_verify": "insecureSkipVerify",
    },
)
class GrafanaSpecClientTls:
    def __init__(
        self,
        *,
        cert_secret_ref: typing.Optional[typing.Union["GrafanaSpecClientTlsCertSecretRef", typing.Dict[builtins.str, typing.Any]]] = None,
        insecure_skip_verify: typing.Optional[builtins.bool] = None,
    ) -> None:
        '''
        :param cert_secret_ref: 
        :param insecure_skip_verify: 

        :schema: GrafanaSpecClientTls
        '''
        if isinstance(cert_secret_ref, dict):
            cert_secret_ref = GrafanaSpecClientTlsCertSecretRef(**cert_secret_ref)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__32ea7981fd0a452be8cb219350ca669145676211faad4de72d040c8c1284c0ba)
            check_type(argname="argument cert_secret_ref", value=cert_secret_ref, expected_type=type_hints["cert_secret_ref"])
            check_type(argname="argument insecure_skip_verify", value=insecure_skip_verify, expected_type=type_hints["insecure_skip_verify"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if cert_secret_ref is not None:
            self._values["cert_secret_ref"] = cert_secret_ref
        if insecure_skip_verify is not None:
            self._values["insecure_skip_verify"] = insecure_skip_verify

    @builtins.property
    def cert_secret_ref(self) -> typing.Optional["GrafanaSpecClientTlsCertSecretRef"]:
        '''
        :schema: GrafanaSpecClientTls#certSecretRef
        '''
        result = self._values.get("cert_secret_ref")
        return typing.cast(typing.Optional["GrafanaSpecClientTlsCertSecretRef"], result)

    @builtins.property
    def insecure_skip_verify(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaSpecClientTls#insecureSkipVerify
        '''
        result = self._values.get("insecure_skip_verify")
        return typing.cast(typing.Optional[builtins.bool], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaSpecClientTls(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaSpecClientTlsCertSecretRef",
    jsii_struct_bases=[],
    name_mapping={"name": "name", "namespace": "namespace"},
)
class GrafanaSpecClientTlsCertSecretRef:
    def __init__(
        self,
        *,
        name: typing.Optional[builtins.str] = None,
        namespace: typing.Optional[builtins.str] = None,
    ) -> None:
        '''
        :param name: 
        :param namespace: 

        :schema: GrafanaSpecClientTlsCertSecretRef
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__557862c157e80e5d557b8112ad610f136217f488a59aa86faa9f668bdf9dcfa6)
            check_type(argname="argument name", value=name, expected_type=type_hints["name"])
            check_type(argname="argument namespace", value=namespace, expected_type=type_hints["namespace"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if name is not None:
            self._values["name"] = name
        if namespace is not None:
            self._values["namespace"] = namespace

    @builtins.property
    def name(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaSpecClientTlsCertSecretRef#name
        '''
        result = self._values.get("name")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def namespace(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaSpecClientTlsCertSecretRef#namespace
        '''
        result = self._values.get("namespace")
        return typing.cast(typing.Optional[builtins.str], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaSpecClientTlsCertSecretRef(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaSpecExternal",
    jsii_struct_bases=[],
    name_mapping={
        "url": "url",
        "admin_password": "adminPassword",
        "admin_user": "adminUser",
        "api_key": "apiKey",
        "tenant_namespace": "tenantNamespace",
        "tls": "tls",
    },
)
class GrafanaSpecExternal:
    def __init__(
        self,
        *,
        url: builtins.str,
        admin_password: typing.Optional[typing.Union["GrafanaSpecExternalAdminPassword", typing.Dict[builtins.str, typing.Any]]] = None,
        admin_user: typing.Optional[typing.Union["GrafanaSpecExternalAdminUser", typing.Dict[builtins.str, typing.Any]]] = None,
        api_key: typing.Optional[typing.Union["GrafanaSpecExternalApiKey", typing.Dict[builtins.str, typing.Any]]] = None,
        tenant_namespace: typing.Optional[builtins.str] = None,
        tls: typing.Optional[typing.Union["GrafanaSpecExternalTls", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param url: 
        :param admin_password: 
        :param admin_user: 
        :param api_key: 
        :param tenant_namespace: 
        :param tls: 

        :schema: GrafanaSpecExternal
        '''
        if isinstance(admin_password, dict):
            admin_password = GrafanaSpecExternalAdminPassword(**admin_password)
        if isinstance(admin_user, dict):
            admin_user = GrafanaSpecExternalAdminUser(**admin_user)
        if isinstance(api_key, dict):
            api_key = GrafanaSpecExternalApiKey(**api_key)
        if isinstance(tls, dict):
            tls = GrafanaSpecExternalTls(**tls)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__137d703b3d6019a667e60cb4df65ef0c43d53a4cd41a407e6f89ae2253146211)
            check_type(argname="argument url", value=url, expected_type=type_hints["url"])
            check_type(argname="argument admin_password", value=admin_password, expected_type=type_hints["admin_password"])
            check_type(argname="argument admin_user", value=admin_user, expected_type=type_hints["admin_user"])
            check_type(argname="argument api_key", value=api_key, expected_type=type_hints["api_key"])
            check_type(argname="argument tenant_namespace", value=tenant_namespace, expected_type=type_hints["tenant_namespace"])
            check_type(argname="argument tls", value=tls, expected_type=type_hints["tls"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "url": url,
        }
        if admin_password is not None:
            self._values["admin_password"] = admin_password
        if admin_user is not None:
            self._values["admin_user"] = admin_user
        if api_key is not None:
            self._values["api_key"] = api_key
        if tenant_namespace is not None:
            self._values["tenant_namespace"] = tenant_namespace
        if tls is not None:
            self._values["tls"] = tls

    @builtins.property
    def url(self) -> builtins.str:
        '''
        :schema: GrafanaSpecExternal#url
        '''
        result = self._values.get("url")
        assert result is not None, "Required property 'url' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def admin_password(self) -> typing.Optional["GrafanaSpecExternalAdminPassword"]:
        '''
        :schema: GrafanaSpecExternal#adminPassword
        '''
        result = self._values.get("admin_password")
        return typing.cast(typing.Optional["GrafanaSpecExternalAdminPassword"], result)

    @builtins.property
    def admin_user(self) -> typing.Optional["GrafanaSpecExternalAdminUser"]:
        '''
        :schema: GrafanaSpecExternal#adminUser
        '''
        result = self._values.get("admin_user")
        return typing.cast(typing.Optional["GrafanaSpecExternalAdminUser"], result)

    @builtins.property
    def api_key(self) -> typing.Optional["GrafanaSpecExternalApiKey"]:
        '''
        :schema: GrafanaSpecExternal#apiKey
        '''
        result = self._values.get("api_key")
        return typing.cast(typing.Optional["GrafanaSpecExternalApiKey"], result)

    @builtins.property
    def tenant_namespace(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaSpecExternal#tenantNamespace
        '''
        result = self._values.get("tenant_namespace")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def tls(self) -> typing.Optional["GrafanaSpecExternalTls"]:
        '''
        :schema: GrafanaSpecExternal#tls
        '''
        result = self._values.get("tls")
        return typing.cast(typing.Optional["GrafanaSpecExternalTls"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaSpecExternal(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaSpecExternalAdminPassword",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "name": "name", "optional": "optional"},
)
class GrafanaSpecExternalAdminPassword:
    def __init__(
        self,
        *,
        key: builtins.str,
        name: typing.Optional[builtins.str] = None,
        optional: typing.Optional[builtins.bool] = None,
    ) -> None:
        '''
        :param key: 
        :param name: 
        :param optional: 

        :schema: GrafanaSpecExternalAdminPassword
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__1c17375c18928ce57c3143e4b02f0dbbc9ed7db7cfea840e2a20061322964a02)
            check_type(argname="argument key", value=key, expected_type=type_hints["key"])
            check_type(argname="argument name", value=name, expected_type=type_hints["name"])
            check_type(argname="argument optional", value=optional, expected_type=type_hints["optional"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "key": key,
        }
        if name is not None:
            self._values["name"] = name
        if optional is not None:
            self._values["optional"] = optional

    @builtins.property
    def key(self) -> builtins.str:
        '''
        :schema: GrafanaSpecExternalAdminPassword#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def name(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaSpecExternalAdminPassword#name
        '''
        result = self._values.get("name")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def optional(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaSpecExternalAdminPassword#optional
        '''
        result = self._values.get("optional")
        return typing.cast(typing.Optional[builtins.bool], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaSpecExternalAdminPassword(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaSpecExternalAdminUser",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "name": "name", "optional": "optional"},
)
class GrafanaSpecExternalAdminUser:
    def __init__(
        self,
        *,
        key: builtins.str,
        name: typing.Optional[builtins.str] = None,
        optional: typing.Optional[builtins.bool] = None,
    ) -> None:
        '''
        :param key: 
        :param name: 
        :param optional: 

        :schema: GrafanaSpecExternalAdminUser
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__65c77f22264528dfdd3eab10e87b62507e63e576f99296837c21c226aebd62ac)
            check_type(argname="argument key", value=key, expected_type=type_hints["key"])
            check_type(argname="argument name", value=name, expected_type=type_hints["name"])
            check_type(argname="argument optional", value=optional, expected_type=type_hints["optional"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "key": key,
        }
        if name is not None:
            self._values["name"] = name
        if optional is not None:
            self._values["optional"] = optional

    @builtins.property
    def key(self) -> builtins.str:
        '''
        :schema: GrafanaSpecExternalAdminUser#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def name(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaSpecExternalAdminUser#name
        '''
        result = self._values.get("name")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def optional(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaSpecExternalAdminUser#optional
        '''
        result = self._values.get("optional")
        return typing.cast(typing.Optional[builtins.bool], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaSpecExternalAdminUser(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaSpecExternalApiKey",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "name": "name", "optional": "optional"},
)
class GrafanaSpecExternalApiKey:
    def __init__(
        self,
        *,
        key: builtins.str,
        name: typing.Optional[builtins.str] = None,
        optional: typing.Optional[builtins.bool] = None,
    ) -> None:
        '''
        :param key: 
        :param name: 
        :param optional: 

        :schema: GrafanaSpecExternalApiKey
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__dbe45370bfbc91df304e4ffc33f2e457ecba0323d2f03342e4cefd600624a663)
            check_type(argname="argument key", value=key, expected_type=type_hints["key"])
            check_type(argname="argument name", value=name, expected_type=type_hints["name"])
            check_type(argname="argument optional", value=optional, expected_type=type_hints["optional"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "key": key,
        }
        if name is not None:
            self._values["name"] = name
        if optional is not None:
            self._values["optional"] = optional

    @builtins.property
    def key(self) -> builtins.str:
        '''
        :schema: GrafanaSpecExternalApiKey#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def name(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaSpecExternalApiKey#name
        '''
        result = self._values.get("name")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def optional(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaSpecExternalApiKey#optional
        '''
        result = self._values.get("optional")
        return typing.cast(typing.Optional[builtins.bool], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaSpecExternalApiKey(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaSpecExternalTls",
    jsii_struct_bases=[],
    name_mapping={
        "cert_secret_ref": "certSecretRef",
        "insecure_skip_verify": "insecureSkipVerify",
    },
)
class GrafanaSpecExternalTls:
    def __init__(
        self,
        *,
        cert_secret_ref: typing.Optional[typing.Union["GrafanaSpecExternalTlsCertSecretRef", typing.Dict[builtins.str, typing.Any]]] = None,
        insecure_skip_verify: typing.Optional[builtins.bool] = None,
    ) -> None:
        '''
        :param cert_secret_ref: 
        :param insecure_skip_verify: 

        :schema: GrafanaSpecExternalTls
        '''
        if isinstance(cert_secret_ref, dict):
            cert_secret_ref = GrafanaSpecExternalTlsCertSecretRef(**cert_secret_ref)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__893ad2dd0e5766fae3af8dcfa7c0d4db45cd21aea3d629e0f7e4f0339bce350e)
            check_type(argname="argument cert_secret_ref", value=cert_secret_ref, expected_type=type_hints["cert_secret_ref"])
            check_type(argname="argument insecure_skip_verify", value=insecure_skip_verify, expected_type=type_hints["insecure_skip_verify"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if cert_secret_ref is not None:
            self._values["cert_secret_ref"] = cert_secret_ref
        if insecure_skip_verify is not None:
            self._values["insecure_skip_verify"] = insecure_skip_verify

    @builtins.property
    def cert_secret_ref(self) -> typing.Optional["GrafanaSpecExternalTlsCertSecretRef"]:
        '''
        :schema: GrafanaSpecExternalTls#certSecretRef
        '''
        result = self._values.get("cert_secret_ref")
        return typing.cast(typing.Optional["GrafanaSpecExternalTlsCertSecretRef"], result)

    @builtins.property
    def insecure_skip_verify(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: GrafanaSpecExternalTls#insecureSkipVerify
        '''
        result = self._values.get("insecure_skip_verify")
        return typing.cast(typing.Optional[builtins.bool], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaSpecExternalTls(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_grafana_operator_orgintegreatlygrafana.GrafanaSpecExternalTlsCertSecretRef",
    jsii_struct_bases=[],
    name_mapping={"name": "name", "namespace": "namespace"},
)
class GrafanaSpecExternalTlsCertSecretRef:
    def __init__(
        self,
        *,
        name: typing.Optional[builtins.str] = None,
        namespace: typing.Optional[builtins.str] = None,
    ) -> None:
        '''
        :param name: 
        :param namespace: 

        :schema: GrafanaSpecExternalTlsCertSecretRef
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__dc90781e17626680f43c24f901463ec61d896d4313ee3125ac73b495fad0dc35)
            check_type(argname="argument name", value=name, expected_type=type_hints["name"])
            check_type(argname="argument namespace", value=namespace, expected_type=type_hints["namespace"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if name is not None:
            self._values["name"] = name
        if namespace is not None:
            self._values["namespace"] = namespace

    @builtins.property
    def name(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaSpecExternalTlsCertSecretRef#name
        '''
        result = self._values.get("name")
        return typing.cast(typing.Optional[builtins.str], result)

    @builtins.property
    def namespace(self) -> typing.Optional[builtins.str]:
        '''
        :schema: GrafanaSpecExternalTlsCertSecretRef#namespace
        '''
        result = self._values.get("namespace")
        return typing.cast(typing.Optional[builtins.str], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "GrafanaSpecExternalTlsCertSecretRef(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


__all__ = [
    "Grafana",
    "GrafanaDashboard",
    "GrafanaDashboardProps",
    "GrafanaDashboardSpec",
    "GrafanaDashboardSpecConfigMapRef",
    "GrafanaDashboardSpecDatasources",
    "GrafanaDashboardSpecGrafanaCom",
    "GrafanaDashboardSpecInstanceSelector",
    "GrafanaDashboardSpecInstanceSelectorMatchExpressions",
    "GrafanaDashboardSpecPlugins",
    "GrafanaDatasource",
    "GrafanaDatasourceProps",
    "GrafanaDatasourceSpec",
    "GrafanaDatasourceSpecDatasource",
    "GrafanaDatasourceSpecInstanceSelector",
    "GrafanaDatasourceSpecInstanceSelectorMatchExpressions",
    "GrafanaDatasourceSpecPlugins",
    "GrafanaDatasourceSpecValuesFrom",
    "GrafanaDatasourceSpecValuesFromValueFrom",
    "GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef",
    "GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef",
    "GrafanaFolder",
    "GrafanaFolderProps",
    "GrafanaFolderSpec",
    "GrafanaFolderSpecInstanceSelector",
    "GrafanaFolderSpecInstanceSelectorMatchExpressions",
    "GrafanaProps",
    "GrafanaSpec",
    "GrafanaSpecClient",
    "GrafanaSpecClientTls",
    "GrafanaSpecClientTlsCertSecretRef",
    "GrafanaSpecExternal",
    "GrafanaSpecExternalAdminPassword",
    "GrafanaSpecExternalAdminUser",
    "GrafanaSpecExternalApiKey",
    "GrafanaSpecExternalTls",
    "GrafanaSpecExternalTlsCertSecretRef",
]

publication.publish()

def _typecheckingstub__6be6dbfed660e22741aa21e4645beba9fa865e18eb6399a3ba6ee8afdcec9ff5(
    scope: _constructs_77d1e7e8.Construct,
    id: builtins.str,
    *,
    spec: typing.Union[GrafanaSpec, typing.Dict[builtins.str, typing.Any]],
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__958927421d141ea983c1981eea52218176dfb41914abef415fcbb1549004b706(
    scope: _constructs_77d1e7e8.Construct,
    id: builtins.str,
    *,
    spec: typing.Union[GrafanaDashboardSpec, typing.Dict[builtins.str, typing.Any]],
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__96f1f21f20ae3f0aaf7cf58e6bd86049e6d5753f92e001a2dae4d6dc994c869a(
    *,
    spec: typing.Union[GrafanaDashboardSpec, typing.Dict[builtins.str, typing.Any]],
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__618d800a49f45a7f1679582c6894db81c4171aa7ac8d3eabeabee607eb2dbc64(
    *,
    instance_selector: typing.Union[GrafanaDashboardSpecInstanceSelector, typing.Dict[builtins.str, typing.Any]],
    allow_cross_namespace_import: typing.Optional[builtins.bool] = None,
    config_map_ref: typing.Optional[typing.Union[GrafanaDashboardSpecConfigMapRef, typing.Dict[builtins.str, typing.Any]]] = None,
    content_cache_duration: typing.Optional[builtins.str] = None,
    datasources: typing.Optional[typing.Sequence[typing.Union[GrafanaDashboardSpecDatasources, typing.Dict[builtins.str, typing.Any]]]] = None,
    folder: typing.Optional[builtins.str] = None,
    folder_ref: typing.Optional[builtins.str] = None,
    folder_uid: typing.Optional[builtins.str] = None,
    grafana_com: typing.Optional[typing.Union[GrafanaDashboardSpecGrafanaCom, typing.Dict[builtins.str, typing.Any]]] = None,
    gzip_json: typing.Optional[builtins.str] = None,
    json: typing.Optional[builtins.str] = None,
    plugins: typing.Optional[typing.Sequence[typing.Union[GrafanaDashboardSpecPlugins, typing.Dict[builtins.str, typing.Any]]]] = None,
    resync_period: typing.Optional[builtins.str] = None,
    suspend: typing.Optional[builtins.bool] = None,
    uid: typing.Optional[builtins.str] = None,
    url: typing.Optional[builtins.str] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__9c60e64600eb1644c9e453fbb4fe8c3275498bbc79e8102998d122b823bc820f(
    *,
    key: builtins.str,
    name: typing.Optional[builtins.str] = None,
    optional: typing.Optional[builtins.bool] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__32f64038477e4c899b8be4d8844b9b5781262e35100e656ff680026612f74f8a(
    *,
    datasource_name: builtins.str,
    input_name: builtins.str,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__0f4ca9c0fcb7e8594b8b7427f23c9defc726a5d772f494e4eaf9121461ac4cc7(
    *,
    id: jsii.Number,
    revision: typing.Optional[jsii.Number] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__38c5f10b844ca77057509772990393755632058f676e496b4caf5eeb16bfb08e(
    *,
    match_expressions: typing.Optional[typing.Sequence[typing.Union[GrafanaDashboardSpecInstanceSelectorMatchExpressions, typing.Dict[builtins.str, typing.Any]]]] = None,
    match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__ebe16c01712589d2a1920d5df8e77c9546e5345ba5d76cabd847ac582ee3bb11(
    *,
    key: builtins.str,
    operator: builtins.str,
    values: typing.Optional[typing.Sequence[builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__9ffb309e0b332e3479321eed4ca3423b598f0037e90f367a29cc57d150ae689b(
    *,
    name: builtins.str,
    version: builtins.str,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__f88e02977652c9c1d9243e7ad6d0e8a3899916086001b74ebf22eda19429d631(
    scope: _constructs_77d1e7e8.Construct,
    id: builtins.str,
    *,
    spec: typing.Union[GrafanaDatasourceSpec, typing.Dict[builtins.str, typing.Any]],
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__e49c74253bbea00ddd26579448d4a54a2a19b023c77000930663b3185e1f9c4c(
    *,
    spec: typing.Union[GrafanaDatasourceSpec, typing.Dict[builtins.str, typing.Any]],
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__dcbe2da3d0430d93d9dcac1bd8625e4cd134cc902771fb2a0e7770793a70e7d7(
    *,
    datasource: typing.Union[GrafanaDatasourceSpecDatasource, typing.Dict[builtins.str, typing.Any]],
    instance_selector: typing.Union[GrafanaDatasourceSpecInstanceSelector, typing.Dict[builtins.str, typing.Any]],
    allow_cross_namespace_import: typing.Optional[builtins.bool] = None,
    plugins: typing.Optional[typing.Sequence[typing.Union[GrafanaDatasourceSpecPlugins, typing.Dict[builtins.str, typing.Any]]]] = None,
    resync_period: typing.Optional[builtins.str] = None,
    suspend: typing.Optional[builtins.bool] = None,
    uid: typing.Optional[builtins.str] = None,
    values_from: typing.Optional[typing.Sequence[typing.Union[GrafanaDatasourceSpecValuesFrom, typing.Dict[builtins.str, typing.Any]]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__2c751142c541c9fb9ef10db9c626be524a6f6c86642dc4c5b9d5d318b7b566da(
    *,
    access: typing.Optional[builtins.str] = None,
    basic_auth: typing.Optional[builtins.bool] = None,
    basic_auth_user: typing.Optional[builtins.str] = None,
    database: typing.Optional[builtins.str] = None,
    editable: typing.Optional[builtins.bool] = None,
    is_default: typing.Optional[builtins.bool] = None,
    json_data: typing.Any = None,
    name: typing.Optional[builtins.str] = None,
    org_id: typing.Optional[jsii.Number] = None,
    secure_json_data: typing.Any = None,
    type: typing.Optional[builtins.str] = None,
    uid: typing.Optional[builtins.str] = None,
    url: typing.Optional[builtins.str] = None,
    user: typing.Optional[builtins.str] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__309dd958779b24e20a88c868f4ab2d9ac5ac3e1b8d80a433e45e212f9e595d7e(
    *,
    match_expressions: typing.Optional[typing.Sequence[typing.Union[GrafanaDatasourceSpecInstanceSelectorMatchExpressions, typing.Dict[builtins.str, typing.Any]]]] = None,
    match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__d4202f17939a4cfc86b2c86ba509dd81d704363f99b4e74687d10c84eaec95a1(
    *,
    key: builtins.str,
    operator: builtins.str,
    values: typing.Optional[typing.Sequence[builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__8d7ac6ac833e9aef9ddd7f17960f12c841ed97f9c3424d2de9a64473929caa7e(
    *,
    name: builtins.str,
    version: builtins.str,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__07ebc6e2c2a46132334dc9f7f8c5e184fe162bd94d3b6557d7b2bc4992c358aa(
    *,
    target_path: builtins.str,
    value_from: typing.Union[GrafanaDatasourceSpecValuesFromValueFrom, typing.Dict[builtins.str, typing.Any]],
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__30d7ab43f5b99e76175db27475da5fad4dd8eb18af43f4ba3a93c8d940daf2a2(
    *,
    config_map_key_ref: typing.Optional[typing.Union[GrafanaDatasourceSpecValuesFromValueFromConfigMapKeyRef, typing.Dict[builtins.str, typing.Any]]] = None,
    secret_key_ref: typing.Optional[typing.Union[GrafanaDatasourceSpecValuesFromValueFromSecretKeyRef, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__adbac84203572c2568759204a6c3eaf0d3e51dc9daf2446cd6c57991581cdbe3(
    *,
    key: builtins.str,
    name: typing.Optional[builtins.str] = None,
    optional: typing.Optional[builtins.bool] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__1498779cbc10d451527d9a52f38c03cdce8e95a58cdf20fdf3a00bd5ffd6795d(
    *,
    key: builtins.str,
    name: typing.Optional[builtins.str] = None,
    optional: typing.Optional[builtins.bool] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__26910653332e2b38ff0ec78d3dc7b798895e0eb4250a5a1dac5ac56e33001953(
    scope: _constructs_77d1e7e8.Construct,
    id: builtins.str,
    *,
    spec: typing.Union[GrafanaFolderSpec, typing.Dict[builtins.str, typing.Any]],
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__3b4fc019c8a1a19126fa9c0c266bad0c9b897cf2b23abcd4dfeb9c61001fd645(
    *,
    spec: typing.Union[GrafanaFolderSpec, typing.Dict[builtins.str, typing.Any]],
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__e9fed73546fd4a8fd4e2284cc712c8826db3da8bba7cf512076f010e3a63e17b(
    *,
    instance_selector: typing.Union[GrafanaFolderSpecInstanceSelector, typing.Dict[builtins.str, typing.Any]],
    allow_cross_namespace_import: typing.Optional[builtins.bool] = None,
    parent_folder_ref: typing.Optional[builtins.str] = None,
    parent_folder_uid: typing.Optional[builtins.str] = None,
    permissions: typing.Optional[builtins.str] = None,
    resync_period: typing.Optional[builtins.str] = None,
    suspend: typing.Optional[builtins.bool] = None,
    title: typing.Optional[builtins.str] = None,
    uid: typing.Optional[builtins.str] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__8b7bf02ab8a56d1970bffcb5b7c84aacf020074cb1d73b4ca07b92b71db1ba56(
    *,
    match_expressions: typing.Optional[typing.Sequence[typing.Union[GrafanaFolderSpecInstanceSelectorMatchExpressions, typing.Dict[builtins.str, typing.Any]]]] = None,
    match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__9be41a273bb82b29b3f4349ae794c7bc72205cd260ee7aa8bcc82feb075b18f0(
    *,
    key: builtins.str,
    operator: builtins.str,
    values: typing.Optional[typing.Sequence[builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__6e0d6de081547cce162dd5c2b19ecf4a7065d10b43d0a44e429f7db97af22743(
    *,
    spec: typing.Union[GrafanaSpec, typing.Dict[builtins.str, typing.Any]],
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__eb08cf8e4d5f3f7e724d0f473e3c0192a88df9fd496e1bbf1cf26fbbfe6638e4(
    *,
    client: typing.Optional[typing.Union[GrafanaSpecClient, typing.Dict[builtins.str, typing.Any]]] = None,
    external: typing.Optional[typing.Union[GrafanaSpecExternal, typing.Dict[builtins.str, typing.Any]]] = None,
    suspend: typing.Optional[builtins.bool] = None,
    version: typing.Optional[builtins.str] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__daf299aaa24d4f27a13db18bc1a69bca642f03d9b4d9813444bb90f31e22d2cf(
    *,
    headers: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
    prefer_ingress: typing.Optional[builtins.bool] = None,
    timeout: typing.Optional[jsii.Number] = None,
    tls: typing.Optional[typing.Union[GrafanaSpecClientTls, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__32ea7981fd0a452be8cb219350ca669145676211faad4de72d040c8c1284c0ba(
    *,
    cert_secret_ref: typing.Optional[typing.Union[GrafanaSpecClientTlsCertSecretRef, typing.Dict[builtins.str, typing.Any]]] = None,
    insecure_skip_verify: typing.Optional[builtins.bool] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__557862c157e80e5d557b8112ad610f136217f488a59aa86faa9f668bdf9dcfa6(
    *,
    name: typing.Optional[builtins.str] = None,
    namespace: typing.Optional[builtins.str] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__137d703b3d6019a667e60cb4df65ef0c43d53a4cd41a407e6f89ae2253146211(
    *,
    url: builtins.str,
    admin_password: typing.Optional[typing.Union[GrafanaSpecExternalAdminPassword, typing.Dict[builtins.str, typing.Any]]] = None,
    admin_user: typing.Optional[typing.Union[GrafanaSpecExternalAdminUser, typing.Dict[builtins.str, typing.Any]]] = None,
    api_key: typing.Optional[typing.Union[GrafanaSpecExternalApiKey, typing.Dict[builtins.str, typing.Any]]] = None,
    tenant_namespace: typing.Optional[builtins.str] = None,
    tls: typing.Optional[typing.Union[GrafanaSpecExternalTls, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__1c17375c18928ce57c3143e4b02f0dbbc9ed7db7cfea840e2a20061322964a02(
    *,
    key: builtins.str,
    name: typing.Optional[builtins.str] = None,
    optional: typing.Optional[builtins.bool] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__65c77f22264528dfdd3eab10e87b62507e63e576f99296837c21c226aebd62ac(
    *,
    key: builtins.str,
    name: typing.Optional[builtins.str] = None,
    optional: typing.Optional[builtins.bool] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__dbe45370bfbc91df304e4ffc33f2e457ecba0323d2f03342e4cefd600624a663(
    *,
    key: builtins.str,
    name: typing.Optional[builtins.str] = None,
    optional: typing.Optional[builtins.bool] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__893ad2dd0e5766fae3af8dcfa7c0d4db45cd21aea3d629e0f7e4f0339bce350e(
    *,
    cert_secret_ref: typing.Optional[typing.Union[GrafanaSpecExternalTlsCertSecretRef, typing.Dict[builtins.str, typing.Any]]] = None,
    insecure_skip_verify: typing.Optional[builtins.bool] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__dc90781e17626680f43c24f901463ec61d896d4313ee3125ac73b495fad0dc35(
    *,
    name: typing.Optional[builtins.str] = None,
    namespace: typing.Optional[builtins.str] = None,
) -> None:
    """Type checking stubs"""
    pass
