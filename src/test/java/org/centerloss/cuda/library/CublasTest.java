package org.centerloss.cuda.library;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;
import org.centerloss.cuda.ChildJvm;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.driver.HostScalar;
import org.centerloss.cuda.driver.NativeLibraries;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of cuBLAS, right ones and wrong ones. */
@VirtualGpu
class CublasTest {
    private static final int N = cublasOperation.CUBLAS_OP_N;
    private static final int T = cublasOperation.CUBLAS_OP_T;

    private CudaDevice device;
    private Cublas cublas;

    /** Column-major: [1 3 5; 2 4 6]. */
    private Tensor a;

    /** Column-major: [1 4; 2 5; 3 6]. */
    private Tensor b;

    private Tensor c;

    @BeforeEach
    void open() {
        device = new CudaDevice(0, false);
        cublas = device.libraries().cublas();
        a = device.tensor(6);
        b = device.tensor(6);
        c = device.tensor(9);
        a.write(new float[] {1, 2, 3, 4, 5, 6});
        b.write(new float[] {1, 2, 3, 4, 5, 6});
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        c.close();
        device.close();
    }

    private void product(int opA, int opB, int[] sizes, int lda, int ldb, int ldc) {
        cublas.submit(
                "product",
                () ->
                        JCublas2.cublasSgemm(
                                cublas.handle(),
                                opA,
                                opB,
                                sizes[0],
                                sizes[1],
                                sizes[2],
                                HostScalar.ONE,
                                address(a),
                                lda,
                                address(b),
                                ldb,
                                HostScalar.ONE,
                                address(c),
                                ldc));
    }

    private static Pointer address(Tensor tensor) {
        return ((CudaTensor) tensor).address();
    }

    @Test
    void matricesAreColumnMajor() {
        product(N, N, new int[] {2, 2, 3}, 2, 3, 3);
        assertArrayEquals(new float[] {22, 28, 0, 49, 64, 0, 0, 0, 0}, c.toFloats());
        product(N, N, new int[] {2, 2, 3}, 2, 3, 3);
        assertArrayEquals(new float[] {44, 56, 0, 98, 128, 0, 0, 0, 0}, c.toFloats());
    }

    @Test
    void transposedMatricesAreReadAcross() {
        product(T, T, new int[] {3, 3, 2}, 2, 3, 3);
        assertArrayEquals(new float[] {9, 19, 29, 12, 26, 40, 15, 33, 51}, c.toFloats());
    }

    @ParameterizedTest
    @CsvSource({"-1, 2, 3, 2, 3, 3", "2, 2, 3, 1, 3, 3", "2, 2, 3, 2, 2, 3", "2, 2, 3, 2, 3, 1"})
    void impossibleSizesAreRefused(int m, int n, int k, int lda, int ldb, int ldc) {
        assertRefused(
                "CUBLAS_STATUS_INVALID_VALUE",
                () -> product(N, N, new int[] {m, n, k}, lda, ldb, ldc));
    }

    @Test
    void anUnknownOperationIsRefused() {
        assertRefused(
                "CUBLAS_STATUS_INVALID_VALUE", () -> product(7, N, new int[] {2, 2, 3}, 2, 3, 3));
    }

    private static void assertRefused(String status, Runnable call) {
        String message = assertThrows(DeviceException.class, call::run).getMessage();
        assertTrue(message.startsWith("cuda: product: " + status + ": "), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void aWorkspaceThatIsNotAlignedIsRefused() {
        int status =
                JCublas2.cublasSetWorkspace(
                        cublas.handle(), ((CudaTensor) c).address().plus(4), 16);
        assertEquals("CUBLAS_STATUS_INVALID_VALUE", JCublas2.cublasGetStatusName(status));
    }

    @Test
    void recordingWithoutAWorkspaceIsRefused() {
        // Binding the stream again takes the workspace away.
        JCublas2.cublasSetStream(cublas.handle(), new cudaStream_t(device.stream().handle()));
        assertRefused(
                "CUBLAS_STATUS_NOT_SUPPORTED",
                () ->
                        device.stream()
                                .record(
                                        () -> product(N, N, new int[] {2, 2, 3}, 2, 3, 3),
                                        new HashMap<>()));
    }

    @Test
    void tf32LosesDigits() {
        float exact = 1 + 0x1p-20f;
        a.write(new float[] {exact, 0, 0, 0, 0, 0});
        JCublas2.cublasSetMathMode(cublas.handle(), cublasMath.CUBLAS_TF32_TENSOR_OP_MATH);
        product(N, N, new int[] {1, 1, 1}, 1, 1, 1);
        assertEquals(1, c.toFloats()[0]);
        c.zero();
        JCublas2.cublasSetMathMode(cublas.handle(), cublasMath.CUBLAS_DEFAULT_MATH);
        product(N, N, new int[] {1, 1, 1}, 1, 1, 1);
        assertEquals(exact, c.toFloats()[0]);
    }

    /** Makes a layer, and prints what comes of it. */
    static final class Maker {
        private Maker() {}

        public static void main(String[] arguments) {
            try (CudaDevice device = new CudaDevice(0, false)) {
                device.linear(1, 1, 1).close();
                System.out.println("made");
            } catch (DeviceException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void aMissingLibraryIsNamed(@TempDir Path folder) throws Exception {
        Path driver =
                Path.of(System.getenv(NativeLibraries.DIRECTORY), "libcuda.so.1").toAbsolutePath();
        Files.copy(driver, folder.resolve("libcuda.so.1"));
        String message =
                ChildJvm.run(
                                Maker.class,
                                Map.of(
                                        NativeLibraries.DIRECTORY,
                                        folder.toString(),
                                        "XDG_CACHE_HOME",
                                        folder.toString()))
                        .out()
                        .strip();
        assertTrue(message.startsWith("cuda: no cuBLAS 12 found (libcublas.so.12"), message);
        assertTrue(message.contains("--device cpu"), message);
        assertEquals(1, message.lines().count(), message);
    }
}
