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


class IpAddressPool(
    _cdk8s_d3d9af27.ApiObject,
    metaclass=jsii.JSIIMeta,
    jsii_type="vkm_metallb_iometallb.IpAddressPool",
):
    '''
    :schema: IPAddressPool
    '''

    def __init__(
        self,
        scope: "_constructs_77d1e7e8.Construct",
        id: builtins.str,
        *,
        spec: typing.Union["IpAddressPoolSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''Defines a "IPAddressPool" API object.

        :param scope: the scope in which to define this object.
        :param id: a scope-local name for the object.
        :param spec: 
        :param metadata: 
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__fc9a01046283ec5e274edb7887c3190d0a26a88ba241f902cdfadb99642dc10b)
            check_type(argname="argument scope", value=scope, expected_type=type_hints["scope"])
            check_type(argname="argument id", value=id, expected_type=type_hints["id"])
        props = IpAddressPoolProps(spec=spec, metadata=metadata)

        jsii.create(self.__class__, self, [scope, id, props])

    @jsii.member(jsii_name="manifest")
    @builtins.classmethod
    def manifest(
        cls,
        *,
        spec: typing.Union["IpAddressPoolSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> typing.Any:
        '''Renders a Kubernetes manifest for "IPAddressPool".

        This can be used to inline resource manifests inside other objects (e.g. as templates).

        :param spec: 
        :param metadata: 
        '''
        props = IpAddressPoolProps(spec=spec, metadata=metadata)

        return typing.cast(typing.Any, jsii.sinvoke(cls, "manifest", [props]))

    @jsii.member(jsii_name="toJson")
    def to_json(self) -> typing.Any:
        '''Renders the object to Kubernetes JSON.'''
        return typing.cast(typing.Any, jsii.invoke(self, "toJson", []))

    @jsii.python.classproperty
    @jsii.member(jsii_name="GVK")
    def GVK(cls) -> "_cdk8s_d3d9af27.GroupVersionKind":
        '''Returns the apiVersion and kind for "IPAddressPool".'''
        return typing.cast("_cdk8s_d3d9af27.GroupVersionKind", jsii.sget(cls, "GVK"))


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.IpAddressPoolProps",
    jsii_struct_bases=[],
    name_mapping={"spec": "spec", "metadata": "metadata"},
)
class IpAddressPoolProps:
    def __init__(
        self,
        *,
        spec: typing.Union["IpAddressPoolSpec", typing.Dict[builtins.str, typing.Any]],
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param spec: 
        :param metadata: 

        :schema: IPAddressPool
        '''
        if isinstance(spec, dict):
            spec = IpAddressPoolSpec(**spec)
        if isinstance(metadata, dict):
            metadata = _cdk8s_d3d9af27.ApiObjectMetadata(**metadata)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__3285aaa608f3a03be183d5c4000acfecc2b402341526a427c841081b7b53736e)
            check_type(argname="argument spec", value=spec, expected_type=type_hints["spec"])
            check_type(argname="argument metadata", value=metadata, expected_type=type_hints["metadata"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "spec": spec,
        }
        if metadata is not None:
            self._values["metadata"] = metadata

    @builtins.property
    def spec(self) -> "IpAddressPoolSpec":
        '''
        :schema: IPAddressPool#spec
        '''
        result = self._values.get("spec")
        assert result is not None, "Required property 'spec' is missing"
        return typing.cast("IpAddressPoolSpec", result)

    @builtins.property
    def metadata(self) -> typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"]:
        '''
        :schema: IPAddressPool#metadata
        '''
        result = self._values.get("metadata")
        return typing.cast(typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "IpAddressPoolProps(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.IpAddressPoolSpec",
    jsii_struct_bases=[],
    name_mapping={
        "addresses": "addresses",
        "auto_assign": "autoAssign",
        "avoid_buggy_i_ps": "avoidBuggyIPs",
        "service_allocation": "serviceAllocation",
    },
)
class IpAddressPoolSpec:
    def __init__(
        self,
        *,
        addresses: typing.Sequence[builtins.str],
        auto_assign: typing.Optional[builtins.bool] = None,
        avoid_buggy_i_ps: typing.Optional[builtins.bool] = None,
        service_allocation: typing.Optional[typing.Union["IpAddressPoolSpecServiceAllocation", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param addresses: 
        :param auto_assign: 
        :param avoid_buggy_i_ps: 
        :param service_allocation: 

        :schema: IpAddressPoolSpec
        '''
        if isinstance(service_allocation, dict):
            service_allocation = IpAddressPoolSpecServiceAllocation(**service_allocation)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__e8a6c3124afccea077798402a921214a04276b90b4e0064dd5d418804b147f39)
            check_type(argname="argument addresses", value=addresses, expected_type=type_hints["addresses"])
            check_type(argname="argument auto_assign", value=auto_assign, expected_type=type_hints["auto_assign"])
            check_type(argname="argument avoid_buggy_i_ps", value=avoid_buggy_i_ps, expected_type=type_hints["avoid_buggy_i_ps"])
            check_type(argname="argument service_allocation", value=service_allocation, expected_type=type_hints["service_allocation"])
        self._values: typing.Dict[builtins.str, typing.Any] = {
            "addresses": addresses,
        }
        if auto_assign is not None:
            self._values["auto_assign"] = auto_assign
        if avoid_buggy_i_ps is not None:
            self._values["avoid_buggy_i_ps"] = avoid_buggy_i_ps
        if service_allocation is not None:
            self._values["service_allocation"] = service_allocation

    @builtins.property
    def addresses(self) -> typing.List[builtins.str]:
        '''
        :schema: IpAddressPoolSpec#addresses
        '''
        result = self._values.get("addresses")
        assert result is not None, "Required property 'addresses' is missing"
        return typing.cast(typing.List[builtins.str], result)

    @builtins.property
    def auto_assign(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: IpAddressPoolSpec#autoAssign
        '''
        result = self._values.get("auto_assign")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def avoid_buggy_i_ps(self) -> typing.Optional[builtins.bool]:
        '''
        :schema: IpAddressPoolSpec#avoidBuggyIPs
        '''
        result = self._values.get("avoid_buggy_i_ps")
        return typing.cast(typing.Optional[builtins.bool], result)

    @builtins.property
    def service_allocation(
        self,
    ) -> typing.Optional["IpAddressPoolSpecServiceAllocation"]:
        '''
        :schema: IpAddressPoolSpec#serviceAllocation
        '''
        result = self._values.get("service_allocation")
        return typing.cast(typing.Optional["IpAddressPoolSpecServiceAllocation"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "IpAddressPoolSpec(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.IpAddressPoolSpecServiceAllocation",
    jsii_struct_bases=[],
    name_mapping={
        "namespaces": "namespaces",
        "namespace_selectors": "namespaceSelectors",
        "priority": "priority",
        "service_selectors": "serviceSelectors",
    },
)
class IpAddressPoolSpecServiceAllocation:
    def __init__(
        self,
        *,
        namespaces: typing.Optional[typing.Sequence[builtins.str]] = None,
        namespace_selectors: typing.Optional[typing.Sequence[typing.Union["IpAddressPoolSpecServiceAllocationNamespaceSelectors", typing.Dict[builtins.str, typing.Any]]]] = None,
        priority: typing.Optional[jsii.Number] = None,
        service_selectors: typing.Optional[typing.Sequence[typing.Union["IpAddressPoolSpecServiceAllocationServiceSelectors", typing.Dict[builtins.str, typing.Any]]]] = None,
    ) -> None:
        '''
        :param namespaces: 
        :param namespace_selectors: 
        :param priority: 
        :param service_selectors: 

        :schema: IpAddressPoolSpecServiceAllocation
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__215200ec482cb6b8dcc980ce18d63065e61cf14945262f16e75b93fef37bb4c0)
            check_type(argname="argument namespaces", value=namespaces, expected_type=type_hints["namespaces"])
            check_type(argname="argument namespace_selectors", value=namespace_selectors, expected_type=type_hints["namespace_selectors"])
            check_type(argname="argument priority", value=priority, expected_type=type_hints["priority"])
            check_type(argname="argument service_selectors", value=service_selectors, expected_type=type_hints["service_selectors"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if namespaces is not None:
            self._values["namespaces"] = namespaces
        if namespace_selectors is not None:
            self._values["namespace_selectors"] = namespace_selectors
        if priority is not None:
            self._values["priority"] = priority
        if service_selectors is not None:
            self._values["service_selectors"] = service_selectors

    @builtins.property
    def namespaces(self) -> typing.Optional[typing.List[builtins.str]]:
        '''
        :schema: IpAddressPoolSpecServiceAllocation#namespaces
        '''
        result = self._values.get("namespaces")
        return typing.cast(typing.Optional[typing.List[builtins.str]], result)

    @builtins.property
    def namespace_selectors(
        self,
    ) -> typing.Optional[typing.List["IpAddressPoolSpecServiceAllocationNamespaceSelectors"]]:
        '''
        :schema: IpAddressPoolSpecServiceAllocation#namespaceSelectors
        '''
        result = self._values.get("namespace_selectors")
        return typing.cast(typing.Optional[typing.List["IpAddressPoolSpecServiceAllocationNamespaceSelectors"]], result)

    @builtins.property
    def priority(self) -> typing.Optional[jsii.Number]:
        '''
        :schema: IpAddressPoolSpecServiceAllocation#priority
        '''
        result = self._values.get("priority")
        return typing.cast(typing.Optional[jsii.Number], result)

    @builtins.property
    def service_selectors(
        self,
    ) -> typing.Optional[typing.List["IpAddressPoolSpecServiceAllocationServiceSelectors"]]:
        '''
        :schema: IpAddressPoolSpecServiceAllocation#serviceSelectors
        '''
        result = self._values.get("service_selectors")
        return typing.cast(typing.Optional[typing.List["IpAddressPoolSpecServiceAllocationServiceSelectors"]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "IpAddressPoolSpecServiceAllocation(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.IpAddressPoolSpecServiceAllocationNamespaceSelectors",
    jsii_struct_bases=[],
    name_mapping={
        "match_expressions": "matchExpressions",
        "match_labels": "matchLabels",
    },
)
class IpAddressPoolSpecServiceAllocationNamespaceSelectors:
    def __init__(
        self,
        *,
        match_expressions: typing.Optional[typing.Sequence[typing.Union["IpAddressPoolSpecServiceAllocationNamespaceSelectorsMatchExpressions", typing.Dict[builtins.str, typing.Any]]]] = None,
        match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
    ) -> None:
        '''
        :param match_expressions: 
        :param match_labels: 

        :schema: IpAddressPoolSpecServiceAllocationNamespaceSelectors
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__e69c0b5b4738d46887312376b9962ef02437a9c656592b3c5af1ce5ec411149c)
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
    ) -> typing.Optional[typing.List["IpAddressPoolSpecServiceAllocationNamespaceSelectorsMatchExpressions"]]:
        '''
        :schema: IpAddressPoolSpecServiceAllocationNamespaceSelectors#matchExpressions
        '''
        result = self._values.get("match_expressions")
        return typing.cast(typing.Optional[typing.List["IpAddressPoolSpecServiceAllocationNamespaceSelectorsMatchExpressions"]], result)

    @builtins.property
    def match_labels(
        self,
    ) -> typing.Optional[typing.Mapping[builtins.str, builtins.str]]:
        '''
        :schema: IpAddressPoolSpecServiceAllocationNamespaceSelectors#matchLabels
        '''
        result = self._values.get("match_labels")
        return typing.cast(typing.Optional[typing.Mapping[builtins.str, builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "IpAddressPoolSpecServiceAllocationNamespaceSelectors(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.IpAddressPoolSpecServiceAllocationNamespaceSelectorsMatchExpressions",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "operator": "operator", "values": "values"},
)
class IpAddressPoolSpecServiceAllocationNamespaceSelectorsMatchExpressions:
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

        :schema: IpAddressPoolSpecServiceAllocationNamespaceSelectorsMatchExpressions
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__784eefc5bcc7659947c25f023913ba6e9d0957edc6a32e36b95e602736e759be)
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
        :schema: IpAddressPoolSpecServiceAllocationNamespaceSelectorsMatchExpressions#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def operator(self) -> builtins.str:
        '''
        :schema: IpAddressPoolSpecServiceAllocationNamespaceSelectorsMatchExpressions#operator
        '''
        result = self._values.get("operator")
        assert result is not None, "Required property 'operator' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def values(self) -> typing.Optional[typing.List[builtins.str]]:
        '''
        :schema: IpAddressPoolSpecServiceAllocationNamespaceSelectorsMatchExpressions#values
        '''
        result = self._values.get("values")
        return typing.cast(typing.Optional[typing.List[builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "IpAddressPoolSpecServiceAllocationNamespaceSelectorsMatchExpressions(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.IpAddressPoolSpecServiceAllocationServiceSelectors",
    jsii_struct_bases=[],
    name_mapping={
        "match_expressions": "matchExpressions",
        "match_labels": "matchLabels",
    },
)
class IpAddressPoolSpecServiceAllocationServiceSelectors:
    def __init__(
        self,
        *,
        match_expressions: typing.Optional[typing.Sequence[typing.Union["IpAddressPoolSpecServiceAllocationServiceSelectorsMatchExpressions", typing.Dict[builtins.str, typing.Any]]]] = None,
        match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
    ) -> None:
        '''
        :param match_expressions: 
        :param match_labels: 

        :schema: IpAddressPoolSpecServiceAllocationServiceSelectors
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__5e3951ebe0f58e99d912150a14f6e40e80e80b4d3551d97e661df237c9de9b05)
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
    ) -> typing.Optional[typing.List["IpAddressPoolSpecServiceAllocationServiceSelectorsMatchExpressions"]]:
        '''
        :schema: IpAddressPoolSpecServiceAllocationServiceSelectors#matchExpressions
        '''
        result = self._values.get("match_expressions")
        return typing.cast(typing.Optional[typing.List["IpAddressPoolSpecServiceAllocationServiceSelectorsMatchExpressions"]], result)

    @builtins.property
    def match_labels(
        self,
    ) -> typing.Optional[typing.Mapping[builtins.str, builtins.str]]:
        '''
        :schema: IpAddressPoolSpecServiceAllocationServiceSelectors#matchLabels
        '''
        result = self._values.get("match_labels")
        return typing.cast(typing.Optional[typing.Mapping[builtins.str, builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "IpAddressPoolSpecServiceAllocationServiceSelectors(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.IpAddressPoolSpecServiceAllocationServiceSelectorsMatchExpressions",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "operator": "operator", "values": "values"},
)
class IpAddressPoolSpecServiceAllocationServiceSelectorsMatchExpressions:
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

        :schema: IpAddressPoolSpecServiceAllocationServiceSelectorsMatchExpressions
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__4e8482f8552898f63b72731dc3b0bf3e69248dc58897abbdefebf8e30b2635ac)
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
        :schema: IpAddressPoolSpecServiceAllocationServiceSelectorsMatchExpressions#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def operator(self) -> builtins.str:
        '''
        :schema: IpAddressPoolSpecServiceAllocationServiceSelectorsMatchExpressions#operator
        '''
        result = self._values.get("operator")
        assert result is not None, "Required property 'operator' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def values(self) -> typing.Optional[typing.List[builtins.str]]:
        '''
        :schema: IpAddressPoolSpecServiceAllocationServiceSelectorsMatchExpressions#values
        '''
        result = self._values.get("values")
        return typing.cast(typing.Optional[typing.List[builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "IpAddressPoolSpecServiceAllocationServiceSelectorsMatchExpressions(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


class L2Advertisement(
    _cdk8s_d3d9af27.ApiObject,
    metaclass=jsii.JSIIMeta,
    jsii_type="vkm_metallb_iometallb.L2Advertisement",
):
    '''
    :schema: L2Advertisement
    '''

    def __init__(
        self,
        scope: "_constructs_77d1e7e8.Construct",
        id: builtins.str,
        *,
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
        spec: typing.Optional[typing.Union["L2AdvertisementSpec", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''Defines a "L2Advertisement" API object.

        :param scope: the scope in which to define this object.
        :param id: a scope-local name for the object.
        :param metadata: 
        :param spec: 
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__815554a2ba38ad4cc589d8ee4e6937e92150f6974b12e9b380d3bf9b9fc78a4c)
            check_type(argname="argument scope", value=scope, expected_type=type_hints["scope"])
            check_type(argname="argument id", value=id, expected_type=type_hints["id"])
        props = L2AdvertisementProps(metadata=metadata, spec=spec)

        jsii.create(self.__class__, self, [scope, id, props])

    @jsii.member(jsii_name="manifest")
    @builtins.classmethod
    def manifest(
        cls,
        *,
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
        spec: typing.Optional[typing.Union["L2AdvertisementSpec", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> typing.Any:
        '''Renders a Kubernetes manifest for "L2Advertisement".

        This can be used to inline resource manifests inside other objects (e.g. as templates).

        :param metadata: 
        :param spec: 
        '''
        props = L2AdvertisementProps(metadata=metadata, spec=spec)

        return typing.cast(typing.Any, jsii.sinvoke(cls, "manifest", [props]))

    @jsii.member(jsii_name="toJson")
    def to_json(self) -> typing.Any:
        '''Renders the object to Kubernetes JSON.'''
        return typing.cast(typing.Any, jsii.invoke(self, "toJson", []))

    @jsii.python.classproperty
    @jsii.member(jsii_name="GVK")
    def GVK(cls) -> "_cdk8s_d3d9af27.GroupVersionKind":
        '''Returns the apiVersion and kind for "L2Advertisement".'''
        return typing.cast("_cdk8s_d3d9af27.GroupVersionKind", jsii.sget(cls, "GVK"))


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.L2AdvertisementProps",
    jsii_struct_bases=[],
    name_mapping={"metadata": "metadata", "spec": "spec"},
)
class L2AdvertisementProps:
    def __init__(
        self,
        *,
        metadata: typing.Optional[typing.Union["_cdk8s_d3d9af27.ApiObjectMetadata", typing.Dict[builtins.str, typing.Any]]] = None,
        spec: typing.Optional[typing.Union["L2AdvertisementSpec", typing.Dict[builtins.str, typing.Any]]] = None,
    ) -> None:
        '''
        :param metadata: 
        :param spec: 

        :schema: L2Advertisement
        '''
        if isinstance(metadata, dict):
            metadata = _cdk8s_d3d9af27.ApiObjectMetadata(**metadata)
        if isinstance(spec, dict):
            spec = L2AdvertisementSpec(**spec)
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__ae6009d7f382f2646f2ad240cddc512190817ce7ba708152f5f43222f7949762)
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
        :schema: L2Advertisement#metadata
        '''
        result = self._values.get("metadata")
        return typing.cast(typing.Optional["_cdk8s_d3d9af27.ApiObjectMetadata"], result)

    @builtins.property
    def spec(self) -> typing.Optional["L2AdvertisementSpec"]:
        '''
        :schema: L2Advertisement#spec
        '''
        result = self._values.get("spec")
        return typing.cast(typing.Optional["L2AdvertisementSpec"], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "L2AdvertisementProps(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.L2AdvertisementSpec",
    jsii_struct_bases=[],
    name_mapping={
        "interfaces": "interfaces",
        "ip_address_pools": "ipAddressPools",
        "ip_address_pool_selectors": "ipAddressPoolSelectors",
        "node_selectors": "nodeSelectors",
        "service_selectors": "serviceSelectors",
    },
)
class L2AdvertisementSpec:
    def __init__(
        self,
        *,
        interfaces: typing.Optional[typing.Sequence[builtins.str]] = None,
        ip_address_pools: typing.Optional[typing.Sequence[builtins.str]] = None,
        ip_address_pool_selectors: typing.Optional[typing.Sequence[typing.Union["L2AdvertisementSpecIpAddressPoolSelectors", typing.Dict[builtins.str, typing.Any]]]] = None,
        node_selectors: typing.Optional[typing.Sequence[typing.Union["L2AdvertisementSpecNodeSelectors", typing.Dict[builtins.str, typing.Any]]]] = None,
        service_selectors: typing.Optional[typing.Sequence[typing.Union["L2AdvertisementSpecServiceSelectors", typing.Dict[builtins.str, typing.Any]]]] = None,
    ) -> None:
        '''
        :param interfaces: 
        :param ip_address_pools: 
        :param ip_address_pool_selectors: 
        :param node_selectors: 
        :param service_selectors: 

        :schema: L2AdvertisementSpec
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__9f7fddb88eb70f8c5e040dc386d65974d0d3df46aa0a2d0d52255775aaa30fd0)
            check_type(argname="argument interfaces", value=interfaces, expected_type=type_hints["interfaces"])
            check_type(argname="argument ip_address_pools", value=ip_address_pools, expected_type=type_hints["ip_address_pools"])
            check_type(argname="argument ip_address_pool_selectors", value=ip_address_pool_selectors, expected_type=type_hints["ip_address_pool_selectors"])
            check_type(argname="argument node_selectors", value=node_selectors, expected_type=type_hints["node_selectors"])
            check_type(argname="argument service_selectors", value=service_selectors, expected_type=type_hints["service_selectors"])
        self._values: typing.Dict[builtins.str, typing.Any] = {}
        if interfaces is not None:
            self._values["interfaces"] = interfaces
        if ip_address_pools is not None:
            self._values["ip_address_pools"] = ip_address_pools
        if ip_address_pool_selectors is not None:
            self._values["ip_address_pool_selectors"] = ip_address_pool_selectors
        if node_selectors is not None:
            self._values["node_selectors"] = node_selectors
        if service_selectors is not None:
            self._values["service_selectors"] = service_selectors

    @builtins.property
    def interfaces(self) -> typing.Optional[typing.List[builtins.str]]:
        '''
        :schema: L2AdvertisementSpec#interfaces
        '''
        result = self._values.get("interfaces")
        return typing.cast(typing.Optional[typing.List[builtins.str]], result)

    @builtins.property
    def ip_address_pools(self) -> typing.Optional[typing.List[builtins.str]]:
        '''
        :schema: L2AdvertisementSpec#ipAddressPools
        '''
        result = self._values.get("ip_address_pools")
        return typing.cast(typing.Optional[typing.List[builtins.str]], result)

    @builtins.property
    def ip_address_pool_selectors(
        self,
    ) -> typing.Optional[typing.List["L2AdvertisementSpecIpAddressPoolSelectors"]]:
        '''
        :schema: L2AdvertisementSpec#ipAddressPoolSelectors
        '''
        result = self._values.get("ip_address_pool_selectors")
        return typing.cast(typing.Optional[typing.List["L2AdvertisementSpecIpAddressPoolSelectors"]], result)

    @builtins.property
    def node_selectors(
        self,
    ) -> typing.Optional[typing.List["L2AdvertisementSpecNodeSelectors"]]:
        '''
        :schema: L2AdvertisementSpec#nodeSelectors
        '''
        result = self._values.get("node_selectors")
        return typing.cast(typing.Optional[typing.List["L2AdvertisementSpecNodeSelectors"]], result)

    @builtins.property
    def service_selectors(
        self,
    ) -> typing.Optional[typing.List["L2AdvertisementSpecServiceSelectors"]]:
        '''
        :schema: L2AdvertisementSpec#serviceSelectors
        '''
        result = self._values.get("service_selectors")
        return typing.cast(typing.Optional[typing.List["L2AdvertisementSpecServiceSelectors"]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "L2AdvertisementSpec(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.L2AdvertisementSpecIpAddressPoolSelectors",
    jsii_struct_bases=[],
    name_mapping={
        "match_expressions": "matchExpressions",
        "match_labels": "matchLabels",
    },
)
class L2AdvertisementSpecIpAddressPoolSelectors:
    def __init__(
        self,
        *,
        match_expressions: typing.Optional[typing.Sequence[typing.Union["L2AdvertisementSpecIpAddressPoolSelectorsMatchExpressions", typing.Dict[builtins.str, typing.Any]]]] = None,
        match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
    ) -> None:
        '''
        :param match_expressions: 
        :param match_labels: 

        :schema: L2AdvertisementSpecIpAddressPoolSelectors
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__57bcbc415cb4207fa5c2b5b37223eaf7b75998627cc3ecf190287d6559f877a8)
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
    ) -> typing.Optional[typing.List["L2AdvertisementSpecIpAddressPoolSelectorsMatchExpressions"]]:
        '''
        :schema: L2AdvertisementSpecIpAddressPoolSelectors#matchExpressions
        '''
        result = self._values.get("match_expressions")
        return typing.cast(typing.Optional[typing.List["L2AdvertisementSpecIpAddressPoolSelectorsMatchExpressions"]], result)

    @builtins.property
    def match_labels(
        self,
    ) -> typing.Optional[typing.Mapping[builtins.str, builtins.str]]:
        '''
        :schema: L2AdvertisementSpecIpAddressPoolSelectors#matchLabels
        '''
        result = self._values.get("match_labels")
        return typing.cast(typing.Optional[typing.Mapping[builtins.str, builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "L2AdvertisementSpecIpAddressPoolSelectors(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.L2AdvertisementSpecIpAddressPoolSelectorsMatchExpressions",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "operator": "operator", "values": "values"},
)
class L2AdvertisementSpecIpAddressPoolSelectorsMatchExpressions:
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

        :schema: L2AdvertisementSpecIpAddressPoolSelectorsMatchExpressions
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__cac011d6fd7f232d297a24861621d6b3234795c67f231b6067e1da8b9165b1b1)
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
        :schema: L2AdvertisementSpecIpAddressPoolSelectorsMatchExpressions#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def operator(self) -> builtins.str:
        '''
        :schema: L2AdvertisementSpecIpAddressPoolSelectorsMatchExpressions#operator
        '''
        result = self._values.get("operator")
        assert result is not None, "Required property 'operator' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def values(self) -> typing.Optional[typing.List[builtins.str]]:
        '''
        :schema: L2AdvertisementSpecIpAddressPoolSelectorsMatchExpressions#values
        '''
        result = self._values.get("values")
        return typing.cast(typing.Optional[typing.List[builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "L2AdvertisementSpecIpAddressPoolSelectorsMatchExpressions(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.L2AdvertisementSpecNodeSelectors",
    jsii_struct_bases=[],
    name_mapping={
        "match_expressions": "matchExpressions",
        "match_labels": "matchLabels",
    },
)
class L2AdvertisementSpecNodeSelectors:
    def __init__(
        self,
        *,
        match_expressions: typing.Optional[typing.Sequence[typing.Union["L2AdvertisementSpecNodeSelectorsMatchExpressions", typing.Dict[builtins.str, typing.Any]]]] = None,
        match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
    ) -> None:
        '''
        :param match_expressions: 
        :param match_labels: 

        :schema: L2AdvertisementSpecNodeSelectors
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__1b792347f70c0664672b41199c22d4437ad18bcd64a0f72cec3ae6bff2255fea)
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
    ) -> typing.Optional[typing.List["L2AdvertisementSpecNodeSelectorsMatchExpressions"]]:
        '''
        :schema: L2AdvertisementSpecNodeSelectors#matchExpressions
        '''
        result = self._values.get("match_expressions")
        return typing.cast(typing.Optional[typing.List["L2AdvertisementSpecNodeSelectorsMatchExpressions"]], result)

    @builtins.property
    def match_labels(
        self,
    ) -> typing.Optional[typing.Mapping[builtins.str, builtins.str]]:
        '''
        :schema: L2AdvertisementSpecNodeSelectors#matchLabels
        '''
        result = self._values.get("match_labels")
        return typing.cast(typing.Optional[typing.Mapping[builtins.str, builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "L2AdvertisementSpecNodeSelectors(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.L2AdvertisementSpecNodeSelectorsMatchExpressions",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "operator": "operator", "values": "values"},
)
class L2AdvertisementSpecNodeSelectorsMatchExpressions:
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

        :schema: L2AdvertisementSpecNodeSelectorsMatchExpressions
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__fafa144a5ecbbde673e46f5b715baf372cee2c02c6393ab1ab73a6785976cb29)
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
        :schema: L2AdvertisementSpecNodeSelectorsMatchExpressions#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def operator(self) -> builtins.str:
        '''
        :schema: L2AdvertisementSpecNodeSelectorsMatchExpressions#operator
        '''
        result = self._values.get("operator")
        assert result is not None, "Required property 'operator' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def values(self) -> typing.Optional[typing.List[builtins.str]]:
        '''
        :schema: L2AdvertisementSpecNodeSelectorsMatchExpressions#values
        '''
        result = self._values.get("values")
        return typing.cast(typing.Optional[typing.List[builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "L2AdvertisementSpecNodeSelectorsMatchExpressions(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.L2AdvertisementSpecServiceSelectors",
    jsii_struct_bases=[],
    name_mapping={
        "match_expressions": "matchExpressions",
        "match_labels": "matchLabels",
    },
)
class L2AdvertisementSpecServiceSelectors:
    def __init__(
        self,
        *,
        match_expressions: typing.Optional[typing.Sequence[typing.Union["L2AdvertisementSpecServiceSelectorsMatchExpressions", typing.Dict[builtins.str, typing.Any]]]] = None,
        match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
    ) -> None:
        '''
        :param match_expressions: 
        :param match_labels: 

        :schema: L2AdvertisementSpecServiceSelectors
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__2479c0fe2161cdada90a0b181b1c7936f764accb43f29298870e9713477c21a9)
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
    ) -> typing.Optional[typing.List["L2AdvertisementSpecServiceSelectorsMatchExpressions"]]:
        '''
        :schema: L2AdvertisementSpecServiceSelectors#matchExpressions
        '''
        result = self._values.get("match_expressions")
        return typing.cast(typing.Optional[typing.List["L2AdvertisementSpecServiceSelectorsMatchExpressions"]], result)

    @builtins.property
    def match_labels(
        self,
    ) -> typing.Optional[typing.Mapping[builtins.str, builtins.str]]:
        '''
        :schema: L2AdvertisementSpecServiceSelectors#matchLabels
        '''
        result = self._values.get("match_labels")
        return typing.cast(typing.Optional[typing.Mapping[builtins.str, builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "L2AdvertisementSpecServiceSelectors(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


@jsii.data_type(
    jsii_type="vkm_metallb_iometallb.L2AdvertisementSpecServiceSelectorsMatchExpressions",
    jsii_struct_bases=[],
    name_mapping={"key": "key", "operator": "operator", "values": "values"},
)
class L2AdvertisementSpecServiceSelectorsMatchExpressions:
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

        :schema: L2AdvertisementSpecServiceSelectorsMatchExpressions
        '''
        if __debug__:
            type_hints = cached_type_hints(_typecheckingstub__97b0a4342247022ae8cd04039b35a4caad4152f8e642782363e851fa5e921ffd)
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
        :schema: L2AdvertisementSpecServiceSelectorsMatchExpressions#key
        '''
        result = self._values.get("key")
        assert result is not None, "Required property 'key' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def operator(self) -> builtins.str:
        '''
        :schema: L2AdvertisementSpecServiceSelectorsMatchExpressions#operator
        '''
        result = self._values.get("operator")
        assert result is not None, "Required property 'operator' is missing"
        return typing.cast(builtins.str, result)

    @builtins.property
    def values(self) -> typing.Optional[typing.List[builtins.str]]:
        '''
        :schema: L2AdvertisementSpecServiceSelectorsMatchExpressions#values
        '''
        result = self._values.get("values")
        return typing.cast(typing.Optional[typing.List[builtins.str]], result)

    def __eq__(self, rhs: typing.Any) -> builtins.bool:
        return isinstance(rhs, self.__class__) and rhs._values == self._values

    def __ne__(self, rhs: typing.Any) -> builtins.bool:
        return not (rhs == self)

    def __repr__(self) -> str:
        return "L2AdvertisementSpecServiceSelectorsMatchExpressions(%s)" % ", ".join(
            k + "=" + repr(v) for k, v in self._values.items()
        )


__all__ = [
    "IpAddressPool",
    "IpAddressPoolProps",
    "IpAddressPoolSpec",
    "IpAddressPoolSpecServiceAllocation",
    "IpAddressPoolSpecServiceAllocationNamespaceSelectors",
    "IpAddressPoolSpecServiceAllocationNamespaceSelectorsMatchExpressions",
    "IpAddressPoolSpecServiceAllocationServiceSelectors",
    "IpAddressPoolSpecServiceAllocationServiceSelectorsMatchExpressions",
    "L2Advertisement",
    "L2AdvertisementProps",
    "L2AdvertisementSpec",
    "L2AdvertisementSpecIpAddressPoolSelectors",
    "L2AdvertisementSpecIpAddressPoolSelectorsMatchExpressions",
    "L2AdvertisementSpecNodeSelectors",
    "L2AdvertisementSpecNodeSelectorsMatchExpressions",
    "L2AdvertisementSpecServiceSelectors",
    "L2AdvertisementSpecServiceSelectorsMatchExpressions",
]

publication.publish()

def _typecheckingstub__fc9a01046283ec5e274edb7887c3190d0a26a88ba241f902cdfadb99642dc10b(
    scope: _constructs_77d1e7e8.Construct,
    id: builtins.str,
    *,
    spec: typing.Union[IpAddressPoolSpec, typing.Dict[builtins.str, typing.Any]],
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__3285aaa608f3a03be183d5c4000acfecc2b402341526a427c841081b7b53736e(
    *,
    spec: typing.Union[IpAddressPoolSpec, typing.Dict[builtins.str, typing.Any]],
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__e8a6c3124afccea077798402a921214a04276b90b4e0064dd5d418804b147f39(
    *,
    addresses: typing.Sequence[builtins.str],
    auto_assign: typing.Optional[builtins.bool] = None,
    avoid_buggy_i_ps: typing.Optional[builtins.bool] = None,
    service_allocation: typing.Optional[typing.Union[IpAddressPoolSpecServiceAllocation, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__215200ec482cb6b8dcc980ce18d63065e61cf14945262f16e75b93fef37bb4c0(
    *,
    namespaces: typing.Optional[typing.Sequence[builtins.str]] = None,
    namespace_selectors: typing.Optional[typing.Sequence[typing.Union[IpAddressPoolSpecServiceAllocationNamespaceSelectors, typing.Dict[builtins.str, typing.Any]]]] = None,
    priority: typing.Optional[jsii.Number] = None,
    service_selectors: typing.Optional[typing.Sequence[typing.Union[IpAddressPoolSpecServiceAllocationServiceSelectors, typing.Dict[builtins.str, typing.Any]]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__e69c0b5b4738d46887312376b9962ef02437a9c656592b3c5af1ce5ec411149c(
    *,
    match_expressions: typing.Optional[typing.Sequence[typing.Union[IpAddressPoolSpecServiceAllocationNamespaceSelectorsMatchExpressions, typing.Dict[builtins.str, typing.Any]]]] = None,
    match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__784eefc5bcc7659947c25f023913ba6e9d0957edc6a32e36b95e602736e759be(
    *,
    key: builtins.str,
    operator: builtins.str,
    values: typing.Optional[typing.Sequence[builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__5e3951ebe0f58e99d912150a14f6e40e80e80b4d3551d97e661df237c9de9b05(
    *,
    match_expressions: typing.Optional[typing.Sequence[typing.Union[IpAddressPoolSpecServiceAllocationServiceSelectorsMatchExpressions, typing.Dict[builtins.str, typing.Any]]]] = None,
    match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__4e8482f8552898f63b72731dc3b0bf3e69248dc58897abbdefebf8e30b2635ac(
    *,
    key: builtins.str,
    operator: builtins.str,
    values: typing.Optional[typing.Sequence[builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__815554a2ba38ad4cc589d8ee4e6937e92150f6974b12e9b380d3bf9b9fc78a4c(
    scope: _constructs_77d1e7e8.Construct,
    id: builtins.str,
    *,
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
    spec: typing.Optional[typing.Union[L2AdvertisementSpec, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__ae6009d7f382f2646f2ad240cddc512190817ce7ba708152f5f43222f7949762(
    *,
    metadata: typing.Optional[typing.Union[_cdk8s_d3d9af27.ApiObjectMetadata, typing.Dict[builtins.str, typing.Any]]] = None,
    spec: typing.Optional[typing.Union[L2AdvertisementSpec, typing.Dict[builtins.str, typing.Any]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__9f7fddb88eb70f8c5e040dc386d65974d0d3df46aa0a2d0d52255775aaa30fd0(
    *,
    interfaces: typing.Optional[typing.Sequence[builtins.str]] = None,
    ip_address_pools: typing.Optional[typing.Sequence[builtins.str]] = None,
    ip_address_pool_selectors: typing.Optional[typing.Sequence[typing.Union[L2AdvertisementSpecIpAddressPoolSelectors, typing.Dict[builtins.str, typing.Any]]]] = None,
    node_selectors: typing.Optional[typing.Sequence[typing.Union[L2AdvertisementSpecNodeSelectors, typing.Dict[builtins.str, typing.Any]]]] = None,
    service_selectors: typing.Optional[typing.Sequence[typing.Union[L2AdvertisementSpecServiceSelectors, typing.Dict[builtins.str, typing.Any]]]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__57bcbc415cb4207fa5c2b5b37223eaf7b75998627cc3ecf190287d6559f877a8(
    *,
    match_expressions: typing.Optional[typing.Sequence[typing.Union[L2AdvertisementSpecIpAddressPoolSelectorsMatchExpressions, typing.Dict[builtins.str, typing.Any]]]] = None,
    match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__cac011d6fd7f232d297a24861621d6b3234795c67f231b6067e1da8b9165b1b1(
    *,
    key: builtins.str,
    operator: builtins.str,
    values: typing.Optional[typing.Sequence[builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__1b792347f70c0664672b41199c22d4437ad18bcd64a0f72cec3ae6bff2255fea(
    *,
    match_expressions: typing.Optional[typing.Sequence[typing.Union[L2AdvertisementSpecNodeSelectorsMatchExpressions, typing.Dict[builtins.str, typing.Any]]]] = None,
    match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__fafa144a5ecbbde673e46f5b715baf372cee2c02c6393ab1ab73a6785976cb29(
    *,
    key: builtins.str,
    operator: builtins.str,
    values: typing.Optional[typing.Sequence[builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__2479c0fe2161cdada90a0b181b1c7936f764accb43f29298870e9713477c21a9(
    *,
    match_expressions: typing.Optional[typing.Sequence[typing.Union[L2AdvertisementSpecServiceSelectorsMatchExpressions, typing.Dict[builtins.str, typing.Any]]]] = None,
    match_labels: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass

def _typecheckingstub__97b0a4342247022ae8cd04039b35a4caad4152f8e642782363e851fa5e921ffd(
    *,
    key: builtins.str,
    operator: builtins.str,
    values: typing.Optional[typing.Sequence[builtins.str]] = None,
) -> None:
    """Type checking stubs"""
    pass
