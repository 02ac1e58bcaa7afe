package org.centerloss.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;
import org.centerloss.device.DeviceException;

/** What the driver tells about a GPU. */
public record Gpu(
        int ordinal,
        CUdevice handle,
        String name,
        int capabilityMajor,
        int capabilityMinor,
        long memoryBytes,
        int driverVersion) {
    private static final int NAME_BYTES = 256;

    /** How many GPUs the driver finds, at least 1. */
    static int count() {
        Cuda.initialize();
        int[] count = new int[1];
        Cuda.call("count the GPUs", () -> JCudaDriver.cuDeviceGetCount(count));
        if (count[0] == 0) {
            throw new DeviceException("cuda: " + Cuda.NO_GPU);
        }
        return count[0];
    }

    public static Gpu open(int ordinal) {
        int count = count();
        if (ordinal < 0 || ordinal >= count) {
            throw new DeviceException(
                    "cuda:%d: there is no such GPU; the driver finds %s"
                            .formatted(
                                    ordinal,
                                    count == 1
                                            ? "1, cuda:0"
                                            : count + ", cuda:0 to cuda:" + (count - 1)));
        }
        CUdevice handle = new CUdevice();
        byte[] name = new byte[NAME_BYTES];
        long[] memory = new long[1];
        int[] driver = new int[1];
        Cuda.call("open GPU " + ordinal, () -> JCudaDriver.cuDeviceGet(handle, ordinal));
        Cuda.call(
                "ask for the GPU's name",
                () -> JCudaDriver.cuDeviceGetName(name, name.length, handle));
        Cuda.call("ask for the GPU's memory", () -> JCudaDriver.cuDeviceTotalMem(memory, handle));
        Cuda.call("ask for the driver's version", () -> JCudaDriver.cuDriverGetVersion(driver));
        return new Gpu(
                ordinal,
                handle,
                text(name),
                attribute(handle, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                attribute(handle, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                memory[0],
                driver[0]);
    }

    private static int attribute(CUdevice handle, int attribute) {
        int[] value = new int[1];
        Cuda.call(
                "ask for attribute " + attribute,
                () -> JCudaDriver.cuDeviceGetAttribute(value, attribute, handle));
        return value[0];
    }

    private static String text(byte[] zeroTerminated) {
        int length = 0;
        while (length < zeroTerminated.length && zeroTerminated[length] != 0) {
            length++;
        }
        return new String(zeroTerminated, 0, length, StandardCharsets.UTF_8).strip();
    }

    /** The name by which it can be opened. */
    public String deviceName() {
        return "cuda:" + ordinal;
    }

    /** The size of the L2 cache. */
    public long cacheBytes() {
        return attribute(handle, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
    }

    /** What is free of the memory of the GPU whose context is current. */
    public static long freeBytes() {
        long[] free = new long[1];
        long[] total = new long[1];
        Cuda.call("ask for free memory", () -> JCudaDriver.cuMemGetInfo(free, total));
        return free[0];
    }

    /** One line for a person. */
    public String description() {
        return String.format(
                Locale.ROOT,
                "%s, compute capability %d.%d, %.1f GiB, driver for CUDA %s",
                name,
                capabilityMajor,
                capabilityMinor,
                memoryBytes / (double) (1L << 30),
                driverCuda());
    }

    /** The newest CUDA that the driver knows, such as 12.6. */
    String driverCuda() {
        return driverVersion / 1000 + "." + driverVersion % 1000 / 10;
    }

    /** The compute capability as architectures are numbered: 90 for 9.0. */
    int capability() {
        return 10 * capabilityMajor + capabilityMinor;
    }
}
