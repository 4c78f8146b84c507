void *napi_register_module_v1(void *env, void *exports) { return exports; }
int node_api_module_get_api_version_v1(void) { return 8; }
