package org.centerloss.cpu.runtime;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import org.centerloss.device.CLibrary;
import org.centerloss.device.DeviceException;

/** Thread count of the OpenMP runtime inside oneDNN, which has no Java binding of its own. */
public final class OpenMp {
    private static final int RTLD_NOW = 2;
    private static final int RTLD_NOLOAD = 4;

    /**
     * OpenMP workers wait for the next parallel region by spinning, before they sleep. The default,
     * milliseconds, would take a core from the Java threads that work between two primitives.
     */
    private static final String SPIN_COUNT = "1000";

    /** What the calling thread has set: OpenMP keeps the count per thread. */
    private static final ThreadLocal<Integer> CURRENT = new ThreadLocal<>();

    private final Integer threads;
    private final Function setNumThreads;
    private final Function getMaxThreads;

    /** To be called when oneDNN has been loaded. */
    public OpenMp(int threads) {
        this.threads = threads;
        // By its soname, so that it is the copy that oneDNN uses, wherever it came from.
        Function open = CLibrary.function("dlopen");
        Pointer library = open.invokePointer(new Object[] {"libgomp.so.1", RTLD_NOW | RTLD_NOLOAD});
        if (library == null) {
            throw new DeviceException("cpu: oneDNN did not load libgomp.so.1");
        }
        setNumThreads = symbol(library, "omp_set_num_threads");
        getMaxThreads = symbol(library, "omp_get_max_threads");
    }

    private static Function symbol(Pointer library, String name) {
        Pointer address = CLibrary.function("dlsym").invokePointer(new Object[] {library, name});
        if (address == null) {
            throw new DeviceException("cpu: libgomp.so.1 has no " + name);
        }
        return Function.getFunction(address);
    }

    /** To be called before oneDNN is loaded; a value that the user has set is kept. */
    public static void limitSpinning() {
        CLibrary.function("setenv").invokeInt(new Object[] {"GOMP_SPINCOUNT", SPIN_COUNT, 0});
    }

    /** Makes the calling thread's parallel regions use the device's number of threads. */
    public void use() {
        if (!threads.equals(CURRENT.get())) {
            setNumThreads.invokeVoid(new Object[] {threads});
            CURRENT.set(threads);
        }
    }

    /** How many threads the calling thread's parallel regions use. */
    public int current() {
        return getMaxThreads.invokeInt(new Object[0]);
    }
}
