package org.centerloss.cli;

import org.centerloss.device.Device;
import org.centerloss.device.Devices;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where to compute: options that several commands share. */
final class DeviceOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, cpu or reference (float64, slow). Default: ${DEFAULT-VALUE}.")
    private String device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads of the CPU device; 0 for all processors. Default: 0.")
    private int threads;

    @Option(
            names = "--gpu-ids",
            paramLabel = "IDS",
            hidden = true,
            description = "The reference script's choice of GPUs; -1 or nothing for the CPU.")
    private String gpuIds;

    /** Opens the chosen device. */
    Device open() {
        if (gpuIds != null && !gpuIds.isBlank() && !gpuIds.equals("-1")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--gpu-ids: expected -1, for there is no CUDA device yet, found " + gpuIds);
        }
        TrainOptions.requireName(spec, "--device", device, Devices.NAMES);
        if (threads < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--threads: expected 0 or more, found " + threads);
        }
        return Devices.open(device, threads);
    }
}
