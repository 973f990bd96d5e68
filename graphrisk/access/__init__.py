"""S8 两级平台五级应用: who may see what. Input: principal, purpose. Output: scope, masking, audit."""
