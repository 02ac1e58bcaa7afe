package org.centerloss.cuda.library;

import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasStatus;
import jcuda.libraryPropertyType;
import jcuda.runtime.cudaStream_t;
import org.centerloss.cuda.driver.Closing;
import org.centerloss.cuda.driver.Cuda;
import org.centerloss.cuda.driver.CudaStream;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.HostScalar;
import org.centerloss.cuda.driver.MemoryPlan;
import org.centerloss.cuda.driver.NativeLibraries;
import org.centerloss.device.DeviceException;

/**
 * cuBLAS, bound to a device's stream. It works in memory of this class's, so that a recorded
 * product allocates nothing.
 */
public final class Cublas implements AutoCloseable {
    /** What NVIDIA recommends for compute capability 9.0; 4 MiB do before. */
    private static final long WORKSPACE_BYTES = 32L << 20;

    private final cublasHandle handle = new cublasHandle();
    private final CudaStream stream;
    private final DeviceMemory workspace;

    /**
     * @param tf32 whether products may round their factors to TF32; else they are float32
     */
    Cublas(CudaStream stream, boolean tf32) {
        NativeLibraries.loadCublas();
        this.stream = stream;
        check("cuBLAS", JCublas2.cublasCreate(handle));
        DeviceMemory memory = null;
        try {
            // Planned alone, since the library wants the address now.
            memory =
                    new DeviceMemory(
                            new MemoryPlan(stream),
                            "cuBLAS",
                            WORKSPACE_BYTES,
                            DeviceMemory.Content.UNDEFINED);
            check(
                    "cuBLAS, stream",
                    JCublas2.cublasSetStream(handle, new cudaStream_t(stream.handle())));
            // In this order: binding a stream takes the workspace away.
            check(
                    "cuBLAS, workspace",
                    JCublas2.cublasSetWorkspace(handle, memory.address(), WORKSPACE_BYTES));
            check(
                    "cuBLAS, math mode",
                    JCublas2.cublasSetMathMode(
                            handle,
                            tf32
                                    ? cublasMath.CUBLAS_TF32_TENSOR_OP_MATH
                                    : cublasMath.CUBLAS_DEFAULT_MATH));
        } catch (DeviceException e) {
            Closing closing = new Closing();
            closing.failed(e);
            closing.close(memory);
            closing.close(this::destroy);
            throw e;
        }
        workspace = memory;
    }

    /** Such as 12.6.3. */
    static String version() {
        return "%d.%d.%d"
                .formatted(
                        property(libraryPropertyType.MAJOR_VERSION),
                        property(libraryPropertyType.MINOR_VERSION),
                        property(libraryPropertyType.PATCH_LEVEL));
    }

    private static int property(int type) {
        int[] value = new int[1];
        check("cuBLAS, version", JCublas2.cublasGetProperty(type, value));
        return value[0];
    }

    public cublasHandle handle() {
        return handle;
    }

    /**
     * Makes a call that queues work.
     *
     * @param operation what is queued, for messages
     */
    public void submit(String operation, Cuda.Call call) {
        stream.submit(operation, () -> check(operation, call.run()));
    }

    /**
     * Queues c = op(a)·op(b) + beta·c, all column-major.
     *
     * @param operation what is queued, for messages
     * @param sizes rows and columns of c, and the length of the sums
     * @param beta points at 0 or 1
     */
    public void product(
            String operation,
            int operationA,
            int operationB,
            int[] sizes,
            Pointer a,
            int rowsA,
            Pointer b,
            int rowsB,
            Pointer beta,
            Pointer c) {
        submit(
                operation,
                () ->
                        JCublas2.cublasSgemm(
                                handle,
                                operationA,
                                operationB,
                                sizes[0],
                                sizes[1],
                                sizes[2],
                                HostScalar.ONE,
                                a,
                                rowsA,
                                b,
                                rowsB,
                                beta,
                                c,
                                sizes[0]));
    }

    /**
     * Queues sums = op(matrix)·ones, the matrix column-major.
     *
     * @param operation what is queued, for messages
     */
    public void sums(
            String operation,
            int operationMatrix,
            int rows,
            int columns,
            Pointer matrix,
            Pointer ones,
            Pointer sums) {
        submit(
                operation,
                () ->
                        JCublas2.cublasSgemv(
                                handle,
                                operationMatrix,
                                rows,
                                columns,
                                HostScalar.ONE,
                                matrix,
                                rows,
                                ones,
                                1,
                                HostScalar.ZERO,
                                sums,
                                1));
    }

    private static int check(String operation, int status) {
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            String name = JCublas2.cublasGetStatusName(status);
            throw new DeviceException(
                    "cuda: %s: %s: %s".formatted(operation, name, remedy(status)));
        }
        return status;
    }

    private static String remedy(int status) {
        return switch (status) {
            case cublasStatus.CUBLAS_STATUS_NOT_INITIALIZED,
                    cublasStatus.CUBLAS_STATUS_ALLOC_FAILED ->
                    "cuBLAS finds no GPU or no memory; end other programs on it";
            case cublasStatus.CUBLAS_STATUS_ARCH_MISMATCH ->
                    "this cuBLAS is not for this GPU; use --device cpu";
            case cublasStatus.CUBLAS_STATUS_INVALID_VALUE ->
                    "a mistake of this program; please report it with this line";
            default -> "run again with --sync to see which call it was";
        };
    }

    private void destroy() {
        check("cuBLAS, end", JCublas2.cublasDestroy(handle));
    }

    @Override
    public void close() {
        Closing closing = new Closing();
        closing.close(this::destroy);
        closing.close(workspace);
        closing.rethrow();
    }
}
