package org.centerloss.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_exec_arg_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reorder_primitive_desc_create;

import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.Pointer;
import org.centerloss.cpu.CpuDevice;

/**
 * A oneDNN primitive with its argument list, made once. Running it sets addresses in the list and
 * allocates nothing.
 */
public final class Primitive implements AutoCloseable {
    private final String name;
    private final OneDnn dnn;
    private final dnnl_primitive primitive = new dnnl_primitive();
    private final dnnl_primitive_desc description;

    /** The arguments in the order in which they were named, then the scratchpad. */
    private final dnnl_memory[] memories;

    private final dnnl_exec_arg_t arguments;
    private boolean closed;

    /**
     * @param name operation and pass, for messages
     * @param description from here on owned by this object
     * @param kinds the {@code DNNL_ARG} of each argument, in the order of {@link #run}
     */
    public Primitive(CpuDevice device, String name, dnnl_primitive_desc description, int... kinds) {
        this.name = name;
        this.dnn = device.oneDnn();
        this.description = description;
        OneDnn.check(dnnl_primitive_create(primitive, description), name);
        memories = new dnnl_memory[kinds.length + 1];
        arguments = new dnnl_exec_arg_t(memories.length);
        for (int i = 0; i < memories.length; i++) {
            int kind = i < kinds.length ? kinds[i] : DNNL_ARG_SCRATCHPAD;
            memories[i] = new dnnl_memory();
            OneDnn.check(
                    dnnl_memory_create(memories[i], layout(kind), dnn.engine(), new Pointer()),
                    name);
            arguments.getPointer(i).arg(kind).memory(memories[i]);
        }
        dnn.growScratchpad(bytes(DNNL_ARG_SCRATCHPAD));
    }

    /** Copies from one layout to another. */
    public static Primitive reorder(
            CpuDevice device, String name, dnnl_memory_desc from, dnnl_memory_desc to) {
        OneDnn dnn = device.oneDnn();
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        OneDnn.check(
                dnnl_reorder_primitive_desc_create(
                        description, from, dnn.engine(), to, dnn.engine(), dnn.attributes()),
                name);
        return new Primitive(device, name, description, DNNL_ARG_FROM, DNNL_ARG_TO);
    }

    dnnl_primitive_desc description() {
        return description;
    }

    /** The layout of an argument; owned by this primitive. */
    dnnl_memory_desc layout(int kind) {
        return dnnl_primitive_desc_query_md(description, dnnl_query_exec_arg_md, kind);
    }

    public long bytes(int kind) {
        return dnnl_memory_desc_get_size(layout(kind));
    }

    /** Sets where an argument lies, by its number in the constructor's list. */
    public Primitive set(int argument, Pointer data) {
        OneDnn.check(dnnl_memory_set_data_handle(memories[argument], data), name);
        return this;
    }

    /** Runs the primitive and returns when it has ended. */
    public void run() {
        dnn.openMp().use();
        set(memories.length - 1, dnn.scratchpad().pointer());
        // The CPU stream is synchronous with OpenMP: no wait needed.
        OneDnn.check(
                dnnl_primitive_execute(primitive, dnn.stream(), memories.length, arguments), name);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (dnnl_memory memory : memories) {
            dnnl_memory_destroy(memory);
        }
        arguments.close();
        dnnl_primitive_destroy(primitive);
        dnnl_primitive_desc_destroy(description);
    }
}
