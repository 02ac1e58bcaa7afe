package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CUDA programs, compiled by nvcc while the test runs. */
@VirtualGpu
class CompiledProgramsTest {
    private static String ptx;

    private VirtualContext gpu;

    @BeforeAll
    static void compile(@TempDir Path folder) throws IOException, InterruptedException {
        Path source = folder.resolve("programs.cu");
        try (var in = CompiledProgramsTest.class.getResourceAsStream("programs.cu")) {
            Files.copy(in, source);
        }
        Path result = folder.resolve("programs.ptx");
        Path log = folder.resolve("log");
        ProcessBuilder nvcc =
                new ProcessBuilder(
                        "nvcc",
                        "-ptx",
                        "-lineinfo",
                        "-arch=compute_75",
                        "-o",
                        result.toString(),
                        source.toString());
        int status;
        try {
            status = nvcc.redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
        } catch (IOException e) {
            if ("true".equals(System.getenv("CI"))) {
                throw e;
            }
            abort("nvcc is missing");
            return;
        }
        assertEquals(0, status, Files.readString(log));
        ptx = Files.readString(result);
    }

    @BeforeEach
    void open() {
        gpu = new VirtualContext();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    @Test
    void reductionByShuffles() {
        int[] values = new Random(1).ints(10_000, -1000, 100_000).toArray();
        CUdeviceptr total = gpu.zeros(8);
        gpu.launch(gpu.load(ptx, "reduce"), 5, 192, gpu.upload(values), values.length, total);
        assertEquals(Arrays.stream(values).asLongStream().sum(), gpu.longs(total, 1)[0]);
    }

    /** CUDA's manual lists these errors in units of the last place. */
    @Test
    void functionsKeepTheirDocumentedAccuracy() {
        float[] x = new float[1000];
        Random random = new Random(2);
        for (int i = 0; i < x.length; i++) {
            // Some beyond 105615, where the reduction of sine's argument takes its slow path.
            x[i] = (float) (random.nextGaussian() * Math.pow(10, i % 10 - 3));
        }
        CUdeviceptr y = gpu.zeros(40L * x.length);
        gpu.launch(gpu.load(ptx, "functions"), 8, 128, gpu.upload(x), y, x.length);
        float[] found = gpu.floats(y, 10 * x.length);
        // It rests on ex2.approx, which is documented to be off by up to 4 units (2^-22).
        checkUlps("expf", x, found, 0, 5, StrictMath::exp);
        checkUlps("logf", x, found, 1, 1, v -> StrictMath.log(Math.abs(v)));
        checkUlps("log1pf", x, found, 2, 1, v -> StrictMath.log1p(Math.abs(v)));
        checkUlps("sinf", x, found, 3, 2, StrictMath::sin);
        checkUlps("cosf", x, found, 4, 2, StrictMath::cos);
        checkUlps("tanhf", x, found, 5, 2, StrictMath::tanh);
        checkUlps("sqrtf", x, found, 6, 0, v -> Math.sqrt(Math.abs(v)));
        checkUlps("1/x", x, found, 7, 0, v -> 1 / v);
        checkUlps("expm1f", x, found, 8, 1, StrictMath::expm1);
        checkUlps("rsqrtf", x, found, 9, 2, v -> 1 / Math.sqrt(Math.abs(v)));
    }

    private static void checkUlps(
            String name, float[] x, float[] found, int row, int ulps, DoubleUnaryOperator exact) {
        for (int i = 0; i < x.length; i++) {
            double wanted = exact.applyAsDouble(x[i]);
            float rounded = (float) wanted;
            float value = found[row * x.length + i];
            boolean good =
                    Float.isInfinite(rounded)
                            ? value == rounded
                            : Math.abs(value - wanted) <= (ulps + 0.5) * Math.ulp(rounded);
            String message = "%s(%s): expected %s, found %s".formatted(name, x[i], wanted, value);
            assertTrue(good, message);
        }
    }

    @Test
    void doubleFunctionsKeepTheirDocumentedAccuracy() {
        int count = 400;
        Random random = new Random(3);
        double[] x = random.doubles(count, -40, 40).toArray();
        CUdeviceptr in = gpu.allocate(8L * count);
        JCudaDriver.cuMemcpyHtoD(in, Pointer.to(x), 8L * count);
        CUdeviceptr out = gpu.zeros(56L * count);
        gpu.launch(gpu.load(ptx, "double_functions"), 4, 128, in, out, count);
        double[] found = gpu.doubles(out, 7 * count);
        // The remainder is exact, so only π itself is rounded in the expected values.
        checkUlps("sinpi", x, found, 0, 2, v -> StrictMath.sin(Math.PI * (v % 2)), 1e-15);
        checkUlps("cospi", x, found, 1, 2, v -> StrictMath.cos(Math.PI * (v % 2)), 1e-15);
        checkUlps("exp", x, found, 2, 1, StrictMath::exp, 0);
        checkUlps("log", x, found, 3, 1, v -> StrictMath.log(Math.abs(v)), 0);
        checkUlps("sin", x, found, 4, 2, StrictMath::sin, 0);
        checkUlps("3/x", x, found, 5, 0, v -> 3 / v, 0);
        checkUlps("sqrt", x, found, 6, 0, v -> Math.sqrt(Math.abs(v)), 0);
    }

    /** StrictMath itself is within one unit. */
    private static void checkUlps(
            String name,
            double[] x,
            double[] found,
            int row,
            int ulps,
            DoubleUnaryOperator exact,
            double absolute) {
        for (int i = 0; i < x.length; i++) {
            double wanted = exact.applyAsDouble(x[i]);
            double value = found[row * x.length + i];
            double bound = (ulps == 0 ? 0 : ulps + 1) * Math.ulp(wanted) + absolute;
            assertTrue(
                    Math.abs(value - wanted) <= bound,
                    "%s(%s): expected %s, found %s".formatted(name, x[i], wanted, value));
        }
    }

    @Test
    void transposeThroughASharedTile() {
        int rows = 45;
        int columns = 37;
        float[] in = new float[rows * columns];
        float[] expected = new float[rows * columns];
        for (int k = 0; k < in.length; k++) {
            in[k] = k;
            expected[k % columns * rows + k / columns] = k;
        }
        CUdeviceptr out = gpu.zeros(4L * in.length);
        int[] grid = {3, 3, 1};
        int[] block = {16, 16, 1};
        gpu.launch(
                gpu.load(ptx, "transpose"),
                grid,
                block,
                0,
                null,
                gpu.upload(in),
                out,
                rows,
                columns);
        assertArrayEquals(expected, gpu.floats(out, in.length));
    }

    @Test
    void structuresCallsLocalArraysJumpTablesAndLongDivision() {
        // struct Line { float slope; double offset; int repeat; }, 24 bytes.
        ByteBuffer line = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        line.putFloat(0, 1.5f).putDouble(8, -123456789012.25).putInt(16, 77);
        long divisor = -1234567;
        CUdeviceptr out = gpu.zeros(8 * 96);
        Pointer parameters =
                Pointer.to(
                        Pointer.to(line.array()),
                        Pointer.to(new long[] {divisor}),
                        Pointer.to(out));
        JCudaDriver.cuLaunchKernel(
                gpu.load(ptx, "mixture"), 1, 1, 1, 96, 1, 1, 0, null, parameters, null);
        long[] expected = IntStream.range(0, 96).mapToLong(i -> mixture(i, divisor)).toArray();
        assertArrayEquals(expected, gpu.longs(out, 96));
    }

    private static long mixture(int i, long divisor) {
        double[] history = new double[8];
        for (int k = 0; k < 8; k++) {
            history[(k * 3 + i) % 8] = k + i;
        }
        double sum = -123456789012.25;
        for (int k = 0; k <= i % 8; k++) {
            sum += 1.5 * history[k];
        }
        long result = (long) sum;
        return switch (i % 6) {
            case 0 -> result * 7 / divisor;
            case 1 -> result % divisor - 5;
            case 2 -> result ^ divisor;
            case 3 -> -result;
            case 4 -> result << i % 13;
            default -> result + 77;
        };
    }

    @Test
    void histogramByAtomics() {
        byte[] bytes = new byte[5000];
        new Random(4).nextBytes(bytes);
        int[] expected = new int[256];
        for (byte value : bytes) {
            expected[value & 0xff]++;
        }
        CUdeviceptr in = gpu.allocate(bytes.length);
        JCudaDriver.cuMemcpyHtoD(in, Pointer.to(bytes), bytes.length);
        CUdeviceptr bins = gpu.zeros(4 * 256);
        gpu.launch(gpu.load(ptx, "histogram"), 3, 96, in, bytes.length, bins);
        assertArrayEquals(expected, gpu.ints(bins, 256));
    }

    @Test
    void vectorsOfFourFloats() {
        float[] a = new float[400];
        float[] expected = new float[400];
        for (int i = 0; i < a.length; i++) {
            a[i] = i * 0.5f;
            expected[i] = i;
        }
        CUdeviceptr sum = gpu.zeros(1600);
        CUdeviceptr in = gpu.upload(a);
        gpu.launch(gpu.load(ptx, "add_vectors"), 2, 64, in, in, sum, 100);
        assertArrayEquals(expected, gpu.floats(sum, 400));
    }

    /** The report names the line of the CUDA source as well. */
    @Test
    void aMissingBarrierIsARaceWithItsSourceLine() {
        CUdeviceptr values = gpu.zeros(4 * 128);
        VirtualContext.fault(
                        () -> {
                            gpu.launch(gpu.load(ptx, "missing_barrier"), 1, 128, values);
                            VirtualContext.synchronize();
                        })
                .assertIs(
                        "CUDA_ERROR_LAUNCH_FAILED",
                        "shared-memory race",
                        "kernel 'missing_barrier'",
                        "programs.cu:");
    }

    @Test
    void aWrongGuardWritesBehindTheEnd() {
        CUdeviceptr values = gpu.zeros(4 * 100);
        VirtualContext.fault(
                        () -> {
                            gpu.launch(gpu.load(ptx, "missing_guard"), 1, 128, values, 100);
                            VirtualContext.synchronize();
                        })
                .assertIs(
                        "CUDA_ERROR_ILLEGAL_ADDRESS",
                        "0 bytes behind the end of the allocation of 400 bytes",
                        "programs.cu:",
                        "thread (100,0,0)");
    }
}
