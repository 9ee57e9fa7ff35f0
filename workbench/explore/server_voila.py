"""Voila's parts put together behind the gate: one page, its kernels, and the scripts it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.auth.authorizer import AllowAllAuthorizer
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.config.manager import ConfigManager
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.routing import Router
from tornado.web import Application
from traitlets.config import Config
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.paths import collect_static_paths
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from workbench.explore.server_gate import Gate, refusal
from workbench.explore.server_kernels import Kernels, kernel_config
from workbench.explore.server_pages import (
    NOT_FOUND,
    AliveHandler,
    LeaveHandler,
    PageHandler,
    RefusalHandler,
    SafeHeaders,
)

TEMPLATE = "workbench"
_KERNEL = r"\w+-\w+-\w+-\w+-\w+"
# Extensions of the reader's own JupyterLab stay out of the page.
_EXTENSIONS = ["@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager",
               "anywidget"]  # fmt: skip


class Visitor(IdentityProvider):
    """Everybody whom the gate let in is the same visitor; there is nobody to log in or out."""

    async def get_user(self, handler: Any) -> User:
        """Return the visitor."""
        return User(username="visitor")

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return none: there is no page to log in on."""
        return []


class Gated(Router):
    """Sends a request on to the application, or to a refusal where the gate turns it away."""

    def __init__(self, gate: Gate, application: Application) -> None:
        """Stand before an application."""
        self.gate, self.application = gate, application

    def find_handler(self, request: HTTPServerRequest, **given: Any) -> HTTPMessageDelegate:
        """Return what answers a request."""
        if (refused := refusal(self.gate, request)) is None:
            return self.application.find_handler(request, **given)
        given = {"refusal": refused}
        return self.application.get_handler_delegate(request, RefusalHandler, given)


def voila_for(notebook: Path, trust: str, *, port: int, connections: Path, idle: int) -> Voila:
    """Return Voila set up for one notebook, not started, and deaf to the user's own settings.

    Args:
        notebook: The notebook, its parameters filled in.
        trust: The trust's name, for the page's head.
        port: The port it will be reached by.
        connections: A folder for connection files of its kernels.
        idle: Seconds after which an untouched kernel is stopped.
    """
    config: Config = kernel_config(connections, idle)
    config.VoilaConfiguration = Config(
        template=TEMPLATE,
        allow_template_override="NO",
        allow_theme_override="NO",
        extension_allowlist=_EXTENSIONS,
        show_tracebacks=True,  # the template shows what an error says and never its traceback
        resources={"trust": trust},
    )
    voila = Voila(
        config=config, notebook_path=str(notebook), root_dir=str(notebook.parent), port=port,
        config_file_paths=[], log_level="CRITICAL", server_url="/",
    )  # fmt: skip
    voila.voila_configuration = VoilaConfiguration(parent=voila)
    voila.setup_template_dirs()
    voila.kernel_spec_manager = KernelSpecManager(parent=voila)
    voila.contents_manager = LargeFileManager(parent=voila)
    voila.config_manager = ConfigManager(parent=voila)
    return voila


def application_for(voila: Voila, gate: Gate) -> Application:
    """Return the application of a page that is drawn by Voila, still without kernels.

    Its settings want `kernel_manager` before the first request.
    """
    identity = Visitor(parent=voila)
    application = Application(
        _handlers(voila, gate),
        default_handler_class=RefusalHandler,
        default_handler_args={"refusal": NOT_FOUND},
        base_url="/",
        server_url="/",
        allow_remote_access=True,  # the gate looks at the host
        kernel_spec_manager=voila.kernel_spec_manager,
        contents_manager=voila.contents_manager,
        config_manager=voila.config_manager,
        identity_provider=identity,
        authorizer=AllowAllAuthorizer(parent=voila, identity_provider=identity),
        kernel_websocket_connection_class=ZMQChannelsWebsocketConnection,
        jinja2_env=Environment(autoescape=True),
        config=voila.config,
        mathjax_url=None,
        mathjax_config=None,
        log_function=lambda _: None,
    )
    application.transforms.append(SafeHeaders)
    voila.app = application
    return application


def _handlers(voila: Voila, gate: Gate) -> list[tuple[Any, ...]]:
    own = {"paths": collect_static_paths(["voila"], TEMPLATE)}
    labs = {"path": voila.labextensions_path, "no_cache_paths": []}
    return [
        (r"/", PageHandler, {"gate": gate}),
        (rf"/alive/({_KERNEL})", AliveHandler),
        (rf"/leave/({_KERNEL})", LeaveHandler),
        (rf"/voila/api/shutdown/({_KERNEL})", LeaveHandler),  # Voila's own script asks this
        (rf"/api/kernels/(?P<kernel_id>{_KERNEL})", KernelHandler),
        (rf"/api/kernels/(?P<kernel_id>{_KERNEL})/channels", VoilaKernelWebsocketHandler),
        (r"/voila/templates/(.*)", TemplateStaticFileHandler),
        (r"/voila/static/(.*)", MultiStaticFileHandler, own),
        (r"/voila/labextensions/(.*)", FileFindHandler, labs),
    ]


def start_kernels(voila: Voila, *, most: int, warm: int, connections: Path) -> Kernels:
    """Give the application its kernels and begin to heat them; needs a running event loop."""
    kernels = Kernels(voila, most=most, warm=warm, connections=connections)
    voila.app.settings["kernel_manager"] = kernels
    return kernels
