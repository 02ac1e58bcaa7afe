package org.centerloss.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_data_type_undef;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_binary;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_sum;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_clone;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_post_ops;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.centerloss.cpu.CpuDevice;

/** What a primitive does to its result before it stores it, as attributes to plan it with. */
final class PostOps implements AutoCloseable {
    /** The argument that {@link #sumThenAdd} adds. */
    static final int ADDEND = 2 * DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | DNNL_ARG_SRC_1;

    private final dnnl_post_ops operations = new dnnl_post_ops();
    private final dnnl_primitive_attr attributes = new dnnl_primitive_attr();

    private PostOps() {}

    /** Adds what the destination held, then {@link #ADDEND} of the given layout. */
    static PostOps sumThenAdd(CpuDevice device, dnnl_memory_desc addend) {
        PostOps made = new PostOps();
        OneDnn.check(
                dnnl_primitive_attr_clone(made.attributes, device.oneDnn().attributes()),
                "attributes");
        OneDnn.check(dnnl_post_ops_create(made.operations), "post-ops");
        OneDnn.check(
                dnnl_post_ops_append_sum(made.operations, 1, 0, dnnl_data_type_undef),
                "post-op sum");
        OneDnn.check(
                dnnl_post_ops_append_binary(made.operations, dnnl_binary_add, addend),
                "post-op add");
        OneDnn.check(
                dnnl_primitive_attr_set_post_ops(made.attributes, made.operations), "post-ops");
        return made;
    }

    dnnl_primitive_attr attributes() {
        return attributes;
    }

    @Override
    public void close() {
        dnnl_post_ops_destroy(operations);
        dnnl_primitive_attr_destroy(attributes);
    }
}
