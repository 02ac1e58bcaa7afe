package org.centerloss.cpu.runtime;

import static org.bytedeco.dnnl.global.dnnl.dnnl_a;
import static org.bytedeco.dnnl.global.dnnl.dnnl_ab;
import static org.bytedeco.dnnl.global.dnnl.dnnl_abcd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_ba;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_format_tag_any;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_tag;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_nChw16c;
import static org.bytedeco.dnnl.global.dnnl.dnnl_nChw8c;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.onednn.OneDnn;

/** Memory layouts to plan primitives with; they are freed together once the plans are made. */
public final class Layouts implements AutoCloseable {
    private final CpuDevice device;
    private final List<dnnl_memory_desc> made = new ArrayList<>();

    public Layouts(CpuDevice device) {
        this.device = device;
    }

    /** Row-major, of 1, 2 or 4 dimensions: the layout of parameters. */
    public dnnl_memory_desc plain(int... dimensions) {
        int tag =
                switch (dimensions.length) {
                    case 1 -> dnnl_a;
                    case 2 -> dnnl_ab;
                    default -> dnnl_abcd;
                };
        return make(tag, dimensions);
    }

    /** Column-major: a row-major [columns, rows] read as its transpose. */
    public dnnl_memory_desc transposed(int rows, int columns) {
        return make(dnnl_ba, rows, columns);
    }

    /** The layout that the device gives to activations [n, c, h, w]. */
    public dnnl_memory_desc activation(int... dimensions) {
        return blocked(device.channelBlock(dimensions[1]), dimensions);
    }

    /** Four dimensions with so many neighbouring channels stored together. */
    public dnnl_memory_desc blocked(int block, int... dimensions) {
        int tag =
                switch (block) {
                    case 1 -> dnnl_abcd;
                    case 8 -> dnnl_nChw8c;
                    default -> dnnl_nChw16c;
                };
        return make(tag, dimensions);
    }

    /** Left to oneDNN: for weights, which are small enough to be reordered in every step. */
    public dnnl_memory_desc any(int... dimensions) {
        return make(dnnl_format_tag_any, dimensions);
    }

    private dnnl_memory_desc make(int tag, int... dimensions) {
        dnnl_memory_desc layout = new dnnl_memory_desc();
        OneDnn.check(
                dnnl_memory_desc_create_with_tag(
                        layout,
                        dimensions.length,
                        Arrays.stream(dimensions).asLongStream().toArray(),
                        dnnl_f32,
                        tag),
                "memory layout");
        made.add(layout);
        return layout;
    }

    @Override
    public void close() {
        made.forEach(layout -> dnnl_memory_desc_destroy(layout));
    }
}
