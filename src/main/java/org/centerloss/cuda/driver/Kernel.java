package org.centerloss.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.device.DeviceException;

/** A kernel that is ready to be launched on a device's stream. */
public final class Kernel {
    private final KernelFunction function;
    private final CUfunction handle;
    private final CudaStream stream;

    /**
     * The parameters of a launch, one after the other. The driver copies them before a launch
     * returns, so one buffer serves all launches.
     */
    private final ByteBuffer values;

    private final int[] offsets;

    /** Points at a pointer to each parameter in {@link #values}. */
    private final Pointer parameters;

    Kernel(KernelFunction function, CUfunction handle, CudaStream stream) {
        this.function = function;
        this.handle = handle;
        this.stream = stream;
        List<ParameterType> types = function.parameters();
        offsets = new int[types.size()];
        values =
                ByteBuffer.allocateDirect(Long.BYTES * types.size()).order(ByteOrder.nativeOrder());
        NativePointerObject[] pointers = new NativePointerObject[types.size()];
        for (int i = 0; i < pointers.length; i++) {
            offsets[i] = Long.BYTES * i;
            pointers[i] = Pointer.to(values).withByteOffset(offsets[i]);
        }
        parameters = Pointer.to(pointers);
    }

    /**
     * Queues a launch.
     *
     * @param arguments in the order of the kernel's parameters: a tensor, device memory or null for
     *     a pointer; Integer, Long, Float or Double, exactly as declared, for a number
     */
    public void launch(Grid grid, Object... arguments) {
        List<ParameterType> types = function.parameters();
        if (arguments.length != types.size()) {
            throw new DeviceException(
                    "cuda: kernel %s takes %d arguments, found %d"
                            .formatted(function.entry(), types.size(), arguments.length));
        }
        for (int i = 0; i < arguments.length; i++) {
            put(i, types.get(i), arguments[i]);
        }
        stream.submit(
                "kernel " + function.entry(),
                () ->
                        JCudaDriver.cuLaunchKernel(
                                handle,
                                grid.x(),
                                grid.y(),
                                grid.z(),
                                grid.threads(),
                                1,
                                1,
                                0,
                                stream.handle(),
                                parameters,
                                null));
    }

    private void put(int index, ParameterType type, Object argument) {
        int offset = offsets[index];
        if (type == ParameterType.POINTER && argument == null) {
            values.putLong(offset, 0);
        } else if (type == ParameterType.POINTER && argument instanceof CudaTensor) {
            values.putLong(offset, ((CudaTensor) argument).address().value());
        } else if (type == ParameterType.POINTER && argument instanceof CudaIntTensor) {
            values.putLong(offset, ((CudaIntTensor) argument).address().value());
        } else if (type == ParameterType.POINTER && argument instanceof DeviceMemory) {
            stream.uses((DeviceMemory) argument);
            values.putLong(offset, ((DeviceMemory) argument).address().value());
        } else if (type == ParameterType.INT && argument instanceof Integer) {
            values.putInt(offset, (Integer) argument);
        } else if (type == ParameterType.LONG && argument instanceof Long) {
            values.putLong(offset, (Long) argument);
        } else if (type == ParameterType.FLOAT && argument instanceof Float) {
            values.putFloat(offset, (Float) argument);
        } else if (type == ParameterType.DOUBLE && argument instanceof Double) {
            values.putDouble(offset, (Double) argument);
        } else {
            throw new DeviceException(
                    "cuda: kernel %s: argument %d must be %s, found %s"
                            .formatted(
                                    function.entry(),
                                    index,
                                    type,
                                    argument == null
                                            ? "null"
                                            : argument.getClass().getSimpleName()));
        }
    }
}
