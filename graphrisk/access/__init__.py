"""S8 两级平台五级应用: who may see what. In: principal, purpose; out: scope, masking, audit."""
