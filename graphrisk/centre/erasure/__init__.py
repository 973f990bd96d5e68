"""A person's right to be forgotten (删除个人): keys in, nothing that tells him left."""
