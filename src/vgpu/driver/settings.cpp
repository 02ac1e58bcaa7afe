// Reads the environment.
#include "driver/settings.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "common/fault.h"

namespace vgpu {

namespace {

std::string value(const char* name) {
    const char* text = std::getenv(name);
    return text == nullptr ? "" : text;
}

[[noreturn]] void reject(const char* name, const std::string& text, const char* expected) {
    throw Fault(CUDA_ERROR_INVALID_VALUE,
                std::string(name) + "=" + text + ": expected " + expected);
}

// False unless all of `text` is a number that fits.
template <class Number>
bool parseNumber(std::string_view text, Number& number) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end;
}

void readVersion(const char* name, int& version) {
    const std::string text = value(name);
    if (text.empty()) {
        return;
    }
    const std::size_t point = text.find('.');
    unsigned major = 0;
    unsigned minor = 0;
    if (point == std::string::npos || !parseNumber(std::string_view(text).substr(0, point), major) ||
        !parseNumber(std::string_view(text).substr(point + 1), minor) || major > 99 || minor > 9) {
        reject(name, text, "a version like 9.0");
    }
    version = static_cast<int>(major * 10 + minor);
}

template <class Number>
void readNumber(const char* name, Number& number) {
    const std::string text = value(name);
    if (!text.empty() && !parseNumber(text, number)) {
        reject(name, text, "a whole number");
    }
}

}  // namespace

Settings readSettings() {
    Settings settings;
    readVersion("CENTERLOSS_VGPU_CAPABILITY", settings.capability);
    readVersion("CENTERLOSS_VGPU_MAX_PTX", settings.maxPtx);
    readNumber("CENTERLOSS_VGPU_MEMORY", settings.memoryBytes);
    readNumber("CENTERLOSS_VGPU_SEED", settings.seed);
    settings.countersPath = value("CENTERLOSS_VGPU_COUNTERS");
    return settings;
}

}  // namespace vgpu
