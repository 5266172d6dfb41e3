/* Every Go program calls ProcessPrng of bcryptprimitives.dll, which wine before version 9 does not have. */
#include <stddef.h>

unsigned char __stdcall SystemFunction036(void *buffer, unsigned long length); /* advapi32: random bytes */

__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *buffer, size_t length)
{
	return SystemFunction036(buffer, (unsigned long)length);
}
