"""
moto's IAM has no AddClientIDToOpenIDConnectProvider.

AWS adds the audience, and does nothing where the provider has it already.
"""

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.responses import IamResponse

from patching import add


@add(IamResponse, "add_client_id_to_open_id_connect_provider")
def add_client_id_to_open_id_connect_provider(self: IamResponse) -> ActionResult:
    provider = self.backend.get_open_id_connect_provider(self._get_param("OpenIDConnectProviderArn"))
    client = self._get_param("ClientID")
    if client not in provider.client_id_list:
        provider.client_id_list.append(client)
    return EmptyResult()
