package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that the virtual cuBLAS checks, each with a call that breaks one rule. */
@VirtualGpu
class CublasRefusalsTest {
    private static final int N = cublasOperation.CUBLAS_OP_N;
    private static final int T = cublasOperation.CUBLAS_OP_T;
    private static final String INVALID = "CUBLAS_STATUS_INVALID_VALUE";
    private static final Pointer ONE = Pointer.to(new float[] {1});
    private static final Pointer ZERO = Pointer.to(new float[] {0});

    private final cublasHandle handle = new cublasHandle();
    private VirtualContext gpu;
    private CUdeviceptr a;
    private CUdeviceptr b;
    private CUdeviceptr c;

    @BeforeEach
    void open() {
        gpu = new VirtualContext();
        VirtualGpu.Controls.loadMathLibraries();
        assertEquals(0, JCublas2.cublasCreate(handle));
        a = gpu.zeros(64);
        b = gpu.zeros(64);
        c = gpu.zeros(64);
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    private static void assertStatus(String name, int status) {
        assertEquals(name, JCublas2.cublasGetStatusName(status));
    }

    private int gemm(int opA, int opB, int[] mnk, int lda, int ldb, int ldc) {
        return JCublas2.cublasSgemm(
                handle, opA, opB, mnk[0], mnk[1], mnk[2], ONE, a, lda, b, ldb, ZERO, c, ldc);
    }

    /** 2×2 matrices. */
    private int product(Pointer alpha, Pointer left, Pointer right, Pointer beta, Pointer result) {
        return JCublas2.cublasSgemm(
                handle, N, N, 2, 2, 2, alpha, left, 2, right, 2, beta, result, 2);
    }

    @Test
    void rightCallsAreAccepted() {
        assertEquals(0, gemm(N, N, new int[] {2, 2, 2}, 2, 2, 2));
        assertEquals(0, product(ONE, a, b, ONE, c));
        assertEquals(0, vector(N, 2, 1, 1, c));
        VirtualContext.synchronize();
    }

    @ParameterizedTest
    @CsvSource({
        "7, 0, 2, 2, 2, 2, 2, 2",
        "0, 7, 2, 2, 2, 2, 2, 2",
        "0, 0, -1, 2, 2, 2, 2, 2",
        "0, 0, 2, -1, 2, 2, 2, 2",
        "0, 0, 2, 2, -1, 2, 2, 2",
        "0, 0, 3, 2, 2, 2, 2, 3",
        "1, 0, 2, 2, 3, 2, 3, 2",
        "0, 0, 2, 2, 3, 2, 2, 2",
        "0, 1, 2, 3, 2, 2, 2, 2",
        "0, 0, 3, 2, 2, 3, 2, 2",
        "0, 0, 0, 0, 0, 0, 1, 1",
        "0, 0, 0, 0, 0, 1, 0, 1",
        "0, 0, 0, 0, 0, 1, 1, 0"
    })
    void operationsSizesAndLeadingDimensionsOfAProduct(
            int opA, int opB, int m, int n, int k, int lda, int ldb, int ldc) {
        assertStatus(INVALID, gemm(opA, opB, new int[] {m, n, k}, lda, ldb, ldc));
    }

    @Test
    void pointersOfAProduct() {
        Pointer none = new Pointer();
        assertStatus(INVALID, product(none, a, b, ZERO, c));
        assertStatus(INVALID, product(ONE, a, b, none, c));
        assertStatus(INVALID, product(ONE, none, b, ZERO, c));
        assertStatus(INVALID, product(ONE, a, none, ZERO, c));
        assertStatus(INVALID, product(ONE, a, b, ZERO, none));
        assertStatus(INVALID, product(ONE, a.withByteOffset(2), b, ZERO, c));
        assertStatus(INVALID, product(ONE, a, b.withByteOffset(2), ZERO, c));
        assertStatus(INVALID, product(ONE, a, b, ZERO, c.withByteOffset(2)));
    }

    @Test
    void aProductIntoItsOwnOperand() {
        assertStatus(INVALID, product(ONE, a, b, ZERO, a));
        assertStatus(INVALID, product(ONE, a, b, ZERO, b.withByteOffset(4)));
        assertStatus(INVALID, product(ONE, a, b, ONE, a));
    }

    private int vector(int operation, int lda, int incx, int incy, Pointer y) {
        return JCublas2.cublasSgemv(handle, operation, 2, 2, ONE, a, lda, b, incx, ZERO, y, incy);
    }

    @ParameterizedTest
    @CsvSource({"7, 2, 1, 1", "0, 1, 1, 1", "1, 1, 1, 1", "0, 2, 0, 1", "0, 2, 1, 0"})
    void operationsAndStridesOfAProductWithAVector(int operation, int lda, int incx, int incy) {
        assertStatus(INVALID, vector(operation, lda, incx, incy, c));
    }

    @Test
    void pointersOfAProductWithAVector() {
        assertStatus(INVALID, vector(N, 2, 1, 1, new Pointer()));
        assertStatus(INVALID, vector(T, 2, 1, 1, c.withByteOffset(1)));
        assertStatus(INVALID, vector(T, 2, 1, 1, a));
    }

    @Test
    void modesAndWorkspaces() {
        assertStatus(INVALID, JCublas2.cublasSetMathMode(handle, 77));
        CUdeviceptr memory = gpu.allocate(1 << 16);
        assertStatus(
                INVALID, JCublas2.cublasSetWorkspace(handle, memory.withByteOffset(128), 1 << 15));
        assertEquals(0, JCublas2.cublasSetWorkspace(handle, memory, (1 << 14) - 256));
        assertStatus("CUBLAS_STATUS_ALLOC_FAILED", product(ONE, a, b, ZERO, c));
        assertEquals(0, JCublas2.cublasSetWorkspace(handle, memory, 1 << 14));
        assertEquals(0, product(ONE, a, b, ZERO, c));
        assertStatus(INVALID, product(ONE, a, b, ZERO, memory));
    }

    @Test
    void aWorkspaceThatIsShorterThanSaidIsAFault() {
        CUdeviceptr memory = gpu.allocate(64);
        assertEquals(0, JCublas2.cublasSetWorkspace(handle, memory, 1 << 14));
        assertEquals(0, product(ONE, a, b, ZERO, c));
        VirtualContext.fault(VirtualContext::synchronize)
                .assertIs("CUDA_ERROR_ILLEGAL_ADDRESS", "cublasSgemm writes", "over the end");
    }

    @Test
    void aStreamThatIsGone() {
        CUstream stream = new CUstream();
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        assertEquals(0, JCublas2.cublasSetStream(handle, new cudaStream_t(stream)));
        JCudaDriver.cuStreamDestroy(stream);
        assertStatus("CUBLAS_STATUS_EXECUTION_FAILED", product(ONE, a, b, ZERO, c));
    }

    @Test
    void aHandleThatIsGone() {
        assertEquals(0, JCublas2.cublasDestroy(handle));
        assertStatus("CUBLAS_STATUS_NOT_INITIALIZED", product(ONE, a, b, ZERO, c));
        assertStatus("CUBLAS_STATUS_NOT_INITIALIZED", JCublas2.cublasDestroy(handle));
    }
}
