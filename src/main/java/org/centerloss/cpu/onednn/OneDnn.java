package org.centerloss.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_deterministic;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_scratchpad_mode;
import static org.bytedeco.dnnl.global.dnnl.dnnl_scratchpad_mode_user;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_default_flags;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;
import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.javacpp.Loader;
import org.centerloss.cpu.runtime.NativeMemory;
import org.centerloss.cpu.runtime.OpenMp;
import org.centerloss.device.DeviceException;
import org.centerloss.device.NativeFolder;

/** The oneDNN library as one device uses it: engine, stream, threads, and a shared scratchpad. */
public final class OneDnn implements AutoCloseable {
    private static final String PLATFORM = "linux-x86_64";

    private static final String[] STATUS_NAMES = {
        "success",
        "out_of_memory",
        "invalid_arguments",
        "unimplemented",
        "last_impl_reached",
        "runtime_error",
        "not_required",
        "invalid_graph",
        "invalid_graph_op",
        "invalid_shape",
        "invalid_data_type"
    };

    static {
        // JavaCPP would refuse native memory beyond a multiple of the Java heap's limit.
        System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    }

    private final OpenMp openMp;
    private final dnnl_engine engine;
    private final dnnl_stream stream;
    private final dnnl_primitive_attr attributes;
    private final int isa;

    /** Working memory of whichever primitive runs, as large as the largest one needs. */
    private NativeMemory scratchpad;

    public OneDnn(int threads) {
        // Before anything of JavaCPP's: its first class settles where it unpacks.
        NativeFolder.get();
        String platform = Loader.getPlatform();
        if (!platform.equals(PLATFORM)) {
            throw new DeviceException(
                    "cpu: oneDNN comes with this program for %s only, this is %s; use --device reference"
                            .formatted(PLATFORM, platform));
        }
        OpenMp.limitSpinning();
        try {
            Loader.load(org.bytedeco.dnnl.global.dnnl.class);
        } catch (LinkageError e) {
            throw NativeFolder.unusable("cpu: oneDNN", e);
        }
        openMp = new OpenMp(threads);
        engine = new dnnl_engine();
        stream = new dnnl_stream();
        attributes = new dnnl_primitive_attr();
        check(dnnl_engine_create(engine, dnnl_cpu, 0), "cpu engine");
        check(dnnl_stream_create(stream, engine, dnnl_stream_default_flags), "cpu stream");
        check(dnnl_primitive_attr_create(attributes), "cpu attributes");
        check(
                dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
                "cpu scratchpad mode");
        check(dnnl_primitive_attr_set_deterministic(attributes, 1), "cpu deterministic mode");
        isa = dnnl_get_effective_cpu_isa();
        scratchpad = new NativeMemory("scratchpad", 0);
    }

    /** Throws where oneDNN reports a failure. */
    public static void check(int status, String operation) {
        if (status != dnnl_success) {
            String name = status < STATUS_NAMES.length ? STATUS_NAMES[status] : "status " + status;
            throw new DeviceException(operation + ": oneDNN answers dnnl_" + name);
        }
    }

    public dnnl_engine engine() {
        return engine;
    }

    dnnl_stream stream() {
        return stream;
    }

    /**
     * How every primitive is planned: the scratchpad is ours, the same input gives the same bits.
     */
    public dnnl_primitive_attr attributes() {
        return attributes;
    }

    public OpenMp openMp() {
        return openMp;
    }

    NativeMemory scratchpad() {
        return scratchpad;
    }

    /** Makes the scratchpad at least this large. */
    void growScratchpad(long bytes) {
        if (bytes > scratchpad.bytes()) {
            NativeMemory larger = new NativeMemory("scratchpad", bytes);
            scratchpad.close();
            scratchpad = larger;
        }
    }

    /** Channels that fill a vector register, the block in which convolutions are fastest. */
    public int channelBlock() {
        return isAtLeast(dnnl_cpu_isa_avx512_core) ? 16 : 8;
    }

    private boolean isAtLeast(int level) {
        // Levels are sets of bits: a level contains those below it.
        return (isa & level) == level;
    }

    /** Version and instruction set. */
    public String description() {
        dnnl_version_t version = dnnl_version();
        String set =
                isAtLeast(dnnl_cpu_isa_avx512_core)
                        ? "AVX-512"
                        : isAtLeast(dnnl_cpu_isa_avx2) ? "AVX2" : "SSE4.1 or AVX";
        return "oneDNN %d.%d.%d, %s"
                .formatted(version.major(), version.minor(), version.patch(), set);
    }

    @Override
    public void close() {
        dnnl_primitive_attr_destroy(attributes);
        dnnl_stream_destroy(stream);
        dnnl_engine_destroy(engine);
        scratchpad.close();
    }
}
