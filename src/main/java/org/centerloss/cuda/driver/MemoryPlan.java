package org.centerloss.cuda.driver;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import jcuda.CudaException;
import jcuda.driver.JCudaDriver;
import org.centerloss.device.DeviceException;

/**
 * Device memory that was asked for and is not there yet. All of it is allocated together when the
 * first of it is used: a model with its gradients and workspaces before its first number is
 * written. So a shortage shows at once, in one message that names the whole need.
 *
 * <p>Each piece is an allocation of its own and not a part of one large one: the driver packs small
 * pieces itself, and what watches memory, such as NVIDIA's compute-sanitizer, then sees a kernel
 * that leaves the piece that it was given.
 */
public final class MemoryPlan {
    private final CudaStream stream;

    /** In the order in which they were asked for. */
    private final Set<DeviceMemory> pieces = new LinkedHashSet<>();

    /**
     * @param stream where first contents are written
     */
    public MemoryPlan(CudaStream stream) {
        this.stream = stream;
    }

    void add(DeviceMemory piece) {
        pieces.add(piece);
    }

    /** Forgets a piece that is no longer wanted. */
    void drop(DeviceMemory piece) {
        pieces.remove(piece);
    }

    /**
     * Allocates everything that was asked for since the last time.
     *
     * @throws DeviceException if it does not fit; nothing is allocated then
     */
    public void carryOut() {
        List<DeviceMemory> allocated = new ArrayList<>();
        for (DeviceMemory piece : pieces) {
            try {
                piece.allocate();
                allocated.add(piece);
            } catch (CudaException e) {
                allocated.forEach(DeviceMemory::free);
                throw Cuda.isOutOfMemory(e)
                        ? Cuda.failure("device memory", e, shortage())
                        : Cuda.failure("memory of " + piece.owner(), e);
            }
        }
        pieces.clear();
        allocated.forEach(piece -> piece.fill(stream));
    }

    private String shortage() {
        long needed = 0;
        DeviceMemory largest = null;
        for (DeviceMemory piece : pieces) {
            needed += piece.bytes();
            largest = largest == null || piece.bytes() > largest.bytes() ? piece : largest;
        }
        long[] free = new long[1];
        long[] total = new long[1];
        Cuda.call("ask for free memory", () -> JCudaDriver.cuMemGetInfo(free, total));
        return "%s are needed (%s of it by %s), %s of %s are free; use a smaller --batch-size or end other programs on the GPU"
                .formatted(
                        mebibytes(needed),
                        mebibytes(largest.bytes()),
                        largest.owner(),
                        mebibytes(free[0]),
                        mebibytes(total[0]));
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MiB", bytes / (double) (1 << 20));
    }
}
